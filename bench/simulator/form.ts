/**
 * Reads a request body field by field and collects what Discord would answer as 50035, all errors at once.
 * https://discord.com/developers/docs/reference#error-messages
 */
import { type FieldError, formError } from "./api-error.ts";
import { isObject } from "./openapi/compile.ts";
import { isSnowflake } from "./snowflake.ts";
import type { Json } from "./world.ts";

type Length = { readonly min?: number; readonly max?: number; readonly required?: boolean };

export type Form = {
  readonly body: Json;
  readonly has: (name: string) => boolean;
  readonly string: (name: string, length?: Length) => string | undefined;
  readonly integer: (
    name: string,
    range?: { readonly min?: number; readonly max?: number; readonly required?: boolean },
  ) => number | undefined;
  readonly boolean: (name: string) => boolean | undefined;
  readonly snowflake: (name: string, options?: { readonly required?: boolean }) => string | undefined;
  /** Permissions: a number of up to 64 bits, in decimal. */
  readonly bits: (name: string) => bigint | undefined;
  readonly list: (name: string, length?: Length) => unknown[] | undefined;
  readonly snowflakes: (name: string, length?: Length) => string[] | undefined;
  readonly object: (name: string) => Json | undefined;
  readonly oneOf: (name: string, values: readonly number[]) => number | undefined;
  readonly fail: (path: string, code: string, message: string) => void;
  /** Throws 50035 if anything was wrong. */
  readonly done: () => void;
};

/** `path` is where `body` sits in the request, `into` collects a parent form's errors. */
export function readForm(given: unknown, path = "", into?: FieldError[]): Form {
  const errors: FieldError[] = into ?? [];
  const body: Json = isObject(given) ? given : {};
  const at = (name: string) => (path === "" ? name : name === "" ? path : `${path}.${name}`);
  const fail = (name: string, code: string, message: string) => {
    errors.push({ path: at(name), code, message });
  };
  if (!isObject(given)) fail("", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
  const present = (name: string, required: boolean | undefined): boolean => {
    if (body[name] !== undefined && body[name] !== null) return true;
    if (required) fail(name, "BASE_TYPE_REQUIRED", "This field is required");
    return false;
  };
  const checkLength = (name: string, size: number, { min = 0, max = Number.POSITIVE_INFINITY }: Length): void => {
    if (size >= min && size <= max) return;
    if (min > 0 && Number.isFinite(max)) {
      fail(name, "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
    } else if (size > max) fail(name, "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    else fail(name, "BASE_TYPE_MIN_LENGTH", `Must be ${min} or more in length.`);
  };
  const list = (name: string, length: Length = {}): unknown[] | undefined => {
    if (!present(name, length.required)) return undefined;
    const value = body[name];
    if (!Array.isArray(value)) {
      fail(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
      return undefined;
    }
    checkLength(name, value.length, length);
    return value;
  };
  return {
    body,
    has: (name) => body[name] !== undefined,
    fail,
    list,
    string(name, length = {}) {
      if (!present(name, length.required)) return undefined;
      const value = body[name];
      if (typeof value !== "string" && typeof value !== "number") {
        fail(name, "STRING_TYPE_CONVERT", `Could not interpret "${JSON.stringify(value)}" as string.`);
        return undefined;
      }
      // Discord counts characters, not UTF-16 units.
      checkLength(name, [...String(value)].length, length);
      return String(value);
    },
    integer(name, { min = -(2 ** 53), max = 2 ** 53, required } = {}) {
      if (!present(name, required)) return undefined;
      const value = Number(body[name]);
      if (!Number.isInteger(value)) {
        fail(name, "NUMBER_TYPE_COERCE", `Value "${String(body[name])}" is not int.`);
        return undefined;
      }
      if (value > max) fail(name, "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
      if (value < min) fail(name, "NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`);
      return value;
    },
    boolean(name) {
      if (!present(name, false)) return undefined;
      const value = body[name];
      if (typeof value !== "boolean") fail(name, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
      return value === true;
    },
    bits(name) {
      if (!present(name, false)) return undefined;
      const value = String(body[name]);
      if (/^\d{1,20}$/.test(value)) return BigInt(value);
      fail(name, "NUMBER_TYPE_COERCE", `Value "${value}" is not int.`);
      return undefined;
    },
    snowflake(name, { required } = {}) {
      if (!present(name, required)) return undefined;
      const value = String(body[name]);
      if (isSnowflake(value)) return value;
      fail(name, "NUMBER_TYPE_COERCE", `Value "${value}" is not snowflake.`);
      return undefined;
    },
    snowflakes(name, length = {}) {
      const values = list(name, length);
      values?.forEach((value, index) => {
        if (!isSnowflake(String(value))) {
          fail(`${name}.${index}`, "NUMBER_TYPE_COERCE", `Value "${String(value)}" is not snowflake.`);
        }
      });
      return values?.map(String);
    },
    object(name) {
      if (!present(name, false)) return undefined;
      const value = body[name];
      if (typeof value === "object" && !Array.isArray(value)) return value as Json;
      fail(name, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
      return undefined;
    },
    oneOf(name, values) {
      if (!present(name, false)) return undefined;
      const value = Number(body[name]);
      if (!values.includes(value)) fail(name, "BASE_TYPE_CHOICES", `Value must be one of {${values.join(", ")}}.`);
      return value;
    },
    done() {
      if (errors.length > 0) throw formError(errors);
    },
  };
}
