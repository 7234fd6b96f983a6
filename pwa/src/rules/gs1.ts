/**
 * Reads GS1 codes as a scanner sends them: element strings with FNC1 as GS (0x1d), as a symbology prefix (]C1 ]d2 ]Q3 ]e0 ]J1) or
 * as a printable stand-in; the bracketed form a person types; Digital Links.
 * GS1 General Specifications 7.8 (fixed lengths: figure 7.8.5-2); GS1 Digital Link URI syntax 1.2.
 *
 * The device only uses this to match what its list expects; the server reads the raw text again and its answer counts.
 * An unknown AI must not lose the rest: it is named in `unknown_ais` and skipped up to where the next can begin.
 */
export interface Gs1 {
  /** AI → value, e.g. { "01": "04012345678901", "10": "L7" } */
  ais: Record<string, string>;
  gtin: string | null;
  sscc: string | null;
  lot: string | null;
  /** ISO date of AI 17, 7003 or 15. Day 00 means the last day of the month (GS1 3.4.2). */
  expiry_on: string | null;
  serial: string | null;
  qty: number | null;
  unknown_ais: string[];
}

type Part = [ai: string, value: string | null];

const GS = "\u001d";
const STAND_INS = /<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\^\]|[\u241d\u00e8|~^]/g;
/** Data of predefined length: needs no separator after it, even where the AI is unknown to us. */
const FIXED: Record<string, number> = { "00": 18, "01": 14, "02": 14, "03": 14, "20": 2 };
for (const ai of ["11", "12", "13", "14", "15", "16", "17", "18", "19"]) FIXED[ai] = 6;
/** Known AIs of variable length, with the longest value they may have. */
const VARIABLE: Record<string, number> = {
  "10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "90": 30, "235": 28, "240": 30, "241": 30, "242": 6, "243": 20, "250": 30, "251": 30,
  "253": 30, "254": 20, "255": 25, "400": 30, "401": 30, "403": 30, "420": 20, "421": 12, "422": 3, "710": 20, "711": 20, "712": 20,
  "713": 20, "714": 20, "7003": 10, "8020": 25,
};
for (let at = 91; at < 100; at++) VARIABLE[String(at)] = 90;
const LONG_AIS: [RegExp, number][] = [[/^(?:2[345]|4[012])/, 3], [/^(?:3[1-69]|43|7[012]|8[012])/, 4]];
const LINK_WORDS: Record<string, string> = { gtin: "01", sscc: "00", lot: "10", ser: "21", exp: "17", cpv: "22" };
const LINK_KEYS = new Set(["00", "01", "253", "255", "414", "8003", "8004", "8006", "8010", "8018"]);

/** The AI at the beginning, how long its value is (null: up to the separator) and whether it is known. */
function aiAt(text: string): { ai: string; fixed: number | null; max: number; known: boolean } {
  const ai = text.slice(0, LONG_AIS.find(([begins]) => begins.test(text))?.[1] ?? 2);
  if (/^3[1-6]\d\d$/.test(ai)) return { ai, fixed: 6, max: 6, known: true };
  if (/^41\d$/.test(ai)) return { ai, fixed: 13, max: 13, known: true };
  const fixed = FIXED[ai] ?? null;
  const max = fixed ?? VARIABLE[ai] ?? 0;
  return { ai, fixed, max, known: max > 0 };
}

export function checkDigitOk(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 2, weight = 3; at >= 0; at--, weight = 4 - weight) sum += Number(digits[at]) * weight;
  return (10 - (sum % 10)) % 10 === Number(digits[digits.length - 1]);
}

function isoDate(value: string | undefined): string | null {
  if (!value || !/^\d{6}/.test(value)) return null;
  const year = 2000 + Number(value.slice(0, 2));
  const month = Number(value.slice(2, 4));
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = Number(value.slice(4, 6)) || last;
  if (month < 1 || month > 12 || day > last) return null;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function gathered(parts: Part[]): Gs1 {
  const ais: Record<string, string> = {};
  const unknown_ais: string[] = [];
  for (const [ai, value] of parts) {
    if (value === null) unknown_ais.push(ai);
    else ais[ai] ??= value;
  }
  const count = ais["30"] ?? ais["37"];
  return {
    ais,
    unknown_ais,
    gtin: ais["01"] ?? ais["02"] ?? null,
    sscc: ais["00"] ?? null,
    lot: ais["10"] ?? null,
    expiry_on: isoDate(ais["17"] ?? ais["7003"] ?? ais["15"]),
    serial: ais["21"] ?? null,
    qty: count && /^\d+$/.test(count) ? Number(count) : null,
  };
}

function elementString(text: string): Part[] {
  const parts: Part[] = [];
  let rest = text;
  while (rest.length > 0) {
    if (rest[0] === GS) {
      rest = rest.slice(1);
      continue;
    }
    const { ai, fixed, max, known } = aiAt(rest);
    const stop = rest.indexOf(GS);
    const upTo = stop === -1 ? rest.length : stop;
    const end = Math.min(fixed === null ? upTo : ai.length + fixed, upTo);
    const value = rest.slice(ai.length, end);
    const whole = known && value.length > 0 && value.length <= max && (fixed === null || value.length === fixed);
    parts.push([ai, whole ? value : null]);
    rest = rest.slice(Math.max(end, 1));
  }
  return parts;
}

function exact(ai: string, value: string): Part {
  const filled = ai === "01" || ai === "02" ? value.padStart(14, "0") : value;
  const found = aiAt(ai);
  const fits = found.known && found.ai === ai && filled.length > 0 && (found.fixed === null ? filled.length <= found.max : filled.length === found.fixed);
  return [ai, fits ? filled : null];
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape is the printer's fault; the raw text is still better than nothing.
    return text;
  }
}

function digitalLink(text: string): Part[] {
  const url = /^https?:\/\/[^/?#]+(\/[^?#]*)(?:\?([^#]*))?/i.exec(text);
  const segments = (url?.[1] ?? "").split("/").map(plain);
  const key = (segment: string): string => LINK_WORDS[segment.toLowerCase()] ?? segment;
  const start = segments.findIndex((segment, at) => LINK_KEYS.has(key(segment)) && segments[at + 1] !== undefined);
  if (start === -1) return [];
  const parts: Part[] = [];
  for (let at = start; at + 1 < segments.length; at += 2) parts.push(exact(key(segments[at]!), segments[at + 1]!));
  for (const pair of (url?.[2] ?? "").split("&")) {
    const [name = "", value = ""] = pair.split("=", 2);
    if (/^\d{2,4}$/.test(key(name))) parts.push(exact(key(name), plain(value.replaceAll("+", " "))));
  }
  return parts;
}

/** The reading, or null when the text does not claim to be GS1 (a plain barcode, a bin, a tote). */
export function readGs1(text: string): Gs1 | null {
  const prefix = /^\][A-Za-z][0-9A-Za-z]/.exec(text)?.[0] ?? "";
  const body = text.slice(prefix.length).trim();
  if (/^https?:\/\//i.test(body)) return sensible(digitalLink(body));
  if (/^[([]\d{2,4}[)\]]/.test(body)) {
    const pieces = body.replaceAll(GS, "").split(/[([](\d{2,4})[)\]]/).slice(1);
    return sensible(pieces.flatMap((piece, at): Part[] => (at % 2 === 0 ? [exact(piece, (pieces[at + 1] ?? "").trim())] : [])));
  }
  const data = body.replace(STAND_INS, GS);
  const marked = ["]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1"].includes(prefix) || data.startsWith(GS);
  return marked || beginsLikeGs1(data) ? sensible(elementString(data)) : null;
}

function sensible(parts: Part[]): Gs1 | null {
  return parts.some(([, value]) => value !== null) ? gathered(parts) : null;
}

/** Without a mark only a code that starts with a valid GTIN or SSCC, or holds a separator, is believed. */
function beginsLikeGs1(data: string): boolean {
  const key = /^(?:0[12](\d{14})|00(\d{18}))/.exec(data);
  return key !== null ? checkDigitOk(key[1] ?? key[2]!) : data.includes(GS) && /^\d\d/.test(data);
}
