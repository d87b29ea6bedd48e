/** Figures as people read them, on the terminal and in the report. */

export function readable(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(3);
}

/** With its unit: a share in percent, bytes in the size they are. */
export function withUnit(value: number, unit: string): string {
  if (!Number.isFinite(value)) return "not measured";
  if (unit === "share") return `${readable(Number((value * 100).toPrecision(3)))} %`;
  if (unit === "count" || unit === "") return readable(value);
  if (unit === "×") return `${readable(value)} ×`;
  if (unit === "us") return `${readable(value)} µs`;
  if (unit === "bytes" && Math.abs(value) >= 10_000) {
    const power = Math.min(3, Math.floor(Math.log2(Math.abs(value)) / 10));
    return `${readable(Number((value / 1024 ** power).toPrecision(3)))} ${["bytes", "KiB", "MiB", "GiB"][power]}`;
  }
  return `${readable(value)} ${unit}`;
}
