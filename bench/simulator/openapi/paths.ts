/** Finds the operation of a path: a tree of segments, literal ones (`@me`) before parameters. */
export interface Found<T> {
  readonly operation: T;
  readonly params: Readonly<Record<string, string>>;
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  readonly params: Map<string, Node<T>>;
  readonly methods: Map<string, T>;
}

export class PathTree<T> {
  readonly #root: Node<T> = node();

  add(method: string, template: string, operation: T): void {
    let at = this.#root;
    for (const segment of segments(template)) {
      const name = /^\{(.+)\}$/.exec(segment)?.[1];
      const children = name === undefined ? at.literals : at.params;
      const key = name ?? segment;
      const next = children.get(key) ?? node<T>();
      children.set(key, next);
      at = next;
    }
    at.methods.set(method.toUpperCase(), operation);
  }

  /** The operation, `unknown-method` when only other methods have this path, or `unknown-path`. */
  find(method: string, path: string): Found<T> | "unknown-method" | "unknown-path" {
    const parts = segments(path);
    let known = false;
    const walk = (at: Node<T>, depth: number, params: Record<string, string>): Found<T> | undefined => {
      const part = parts[depth];
      if (part === undefined) {
        known ||= at.methods.size > 0;
        const operation = at.methods.get(method.toUpperCase());
        return operation === undefined ? undefined : { operation, params };
      }
      const literal = at.literals.get(part);
      const found = literal && walk(literal, depth + 1, params);
      if (found) return found;
      for (const [name, child] of at.params) {
        const below = walk(child, depth + 1, { ...params, [name]: part });
        if (below) return below;
      }
      return undefined;
    };
    return walk(this.#root, 0, {}) ?? (known ? "unknown-method" : "unknown-path");
  }
}

function node<T>(): Node<T> {
  return { literals: new Map(), params: new Map(), methods: new Map() };
}

function segments(path: string): string[] {
  return path
    .split("/")
    .filter((segment) => segment !== "")
    .map(decoded);
}

/** `text` without its percent-encoding, or as it is when that is broken. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
