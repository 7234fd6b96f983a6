/**
 * Reads GS1 element strings and Digital Links, as the scanner sends them: FNC1 as GS (0x1d) or as a symbology
 * prefix (]C1, ]d2, ]Q3, ]e0). GS1 General Specifications 25, section 3 (AI table) and figure 7.8.5-2 (fixed lengths).
 *
 * The device only uses this to match what its list expects; the server reads the raw text again and its answer counts.
 * An unknown AI must not lose the rest: what cannot be read is kept in `unknown`, up to the next GS.
 */
export interface Gs1 {
  /** AI → value, e.g. { "01": "04012345678901", "10": "L7" } */
  ais: Record<string, string>;
  gtin: string | null;
  sscc: string | null;
  lot: string | null;
  /** ISO date. Day 00 means the last day of the month (GS1 3.4.2). */
  expiry_on: string | null;
  serial: string | null;
  qty: number | null;
  unknown: string[];
}

const GS = "\u001d";
const FIXED: Record<string, number> = { "00": 18, "01": 14, "02": 14, "03": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2, "410": 13, "411": 13, "412": 13, "413": 13, "414": 13, "415": 13, "416": 13, "417": 13 };
/** Variable length, AI → longest value. */
const VARIABLE: Record<string, number> = {
  "10": 20, "21": 20, "22": 20, "30": 8, "37": 8, "235": 28, "240": 30, "241": 30, "242": 6, "243": 20, "250": 30, "251": 30, "253": 30,
  "254": 20, "255": 25, "400": 30, "401": 30, "403": 30, "420": 20, "421": 12, "422": 3, "710": 20, "711": 20, "712": 20, "713": 20,
  "714": 20, "90": 30, "91": 90, "92": 90, "93": 90, "94": 90, "95": 90, "96": 90, "97": 90, "98": 90, "99": 90, "7003": 10, "8020": 25,
};
/** Keys and qualifiers that a Digital Link carries in its path. */
const IN_PATH = new Set(["00", "01", "10", "21", "22", "235", "414", "254", "8003", "8004", "8006", "255"]);

function measured(ai: string): number | null {
  const two = Number(ai.slice(0, 2));
  return ai.length === 4 && two >= 31 && two <= 36 ? 6 : null;
}

function aiAt(text: string): { ai: string; fixed: number | null; max: number } | null {
  for (const length of [2, 3, 4]) {
    const ai = text.slice(0, length);
    if (ai.length !== length || !/^\d+$/.test(ai)) return null;
    const fixed = FIXED[ai] ?? measured(ai);
    if (fixed !== null && fixed !== undefined) return { ai, fixed, max: fixed };
    if (VARIABLE[ai] !== undefined) return { ai, fixed: null, max: VARIABLE[ai] };
  }
  return null;
}

export function checkDigitOk(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 2, weight = 3; at >= 0; at--, weight = 4 - weight) sum += Number(digits[at]) * weight;
  return (10 - (sum % 10)) % 10 === Number(digits[digits.length - 1]);
}

function isoDate(yymmdd: string): string | null {
  if (!/^\d{6}$/.test(yymmdd)) return null;
  const year = 2000 + Number(yymmdd.slice(0, 2));
  const month = Number(yymmdd.slice(2, 4));
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = Number(yymmdd.slice(4, 6)) || last;
  if (month < 1 || month > 12 || day > last) return null;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function told(ais: Record<string, string>, unknown: string[]): Gs1 {
  const gtin = ais["01"] ?? ais["02"] ?? null;
  const count = ais["37"] ?? ais["30"];
  return {
    ais,
    unknown,
    gtin,
    sscc: ais["00"] ?? null,
    lot: ais["10"] ?? null,
    expiry_on: ais["17"] ? isoDate(ais["17"]) : null,
    serial: ais["21"] ?? null,
    qty: count && /^\d+$/.test(count) ? Number(count) : null,
  };
}

function elementString(text: string): Gs1 {
  const ais: Record<string, string> = {};
  const unknown: string[] = [];
  let rest = text;
  while (rest.length > 0) {
    if (rest[0] === GS) {
      rest = rest.slice(1);
      continue;
    }
    const found = aiAt(rest);
    const stop = rest.indexOf(GS);
    const end = stop === -1 ? rest.length : stop;
    const from = found ? found.ai.length : 0;
    const to = found?.fixed != null ? from + found.fixed : end;
    const value = rest.slice(from, to);
    if (!found || value.length === 0 || value.length > found.max || (found.fixed != null && (value.length < found.fixed || value.includes(GS)))) {
      unknown.push(rest.slice(0, end));
      rest = rest.slice(end);
      continue;
    }
    ais[found.ai] ??= value;
    rest = rest.slice(to);
  }
  return told(ais, unknown);
}

function digitalLink(text: string): Gs1 | null {
  const parts = /^https?:\/\/[^/?#]+(\/[^?#]*)(?:\?([^#]*))?/i.exec(text);
  if (!parts) return null;
  const path = parts[1]!.split("/").filter(Boolean);
  const start = path.findIndex((part, at) => (part === "01" || part === "00") && path[at + 1] !== undefined);
  if (start === -1) return null;
  const ais: Record<string, string> = {};
  const unknown: string[] = [];
  const keep = (ai: string, raw: string): void => {
    let value = raw;
    try {
      value = decodeURIComponent(raw.replaceAll("+", "%20"));
    } catch {
      // A broken escape is the sender's fault; the raw text is still better than nothing.
    }
    if (ai === "01") value = value.padStart(14, "0");
    if (aiAt(ai)?.ai === ai) ais[ai] ??= value;
    else unknown.push(`${ai}=${value}`);
  };
  for (let at = start; at + 1 < path.length; at += 2) {
    if (IN_PATH.has(path[at]!)) keep(path[at]!, path[at + 1]!);
    else unknown.push(`${path[at]!}/${path[at + 1]!}`);
  }
  for (const pair of (parts[2] ?? "").split(/[&;]/).filter(Boolean)) {
    const [ai = "", value = ""] = pair.split("=", 2);
    if (/^\d{2,4}$/.test(ai)) keep(ai, value);
  }
  return told(ais, unknown);
}

/** The reading, or null when the text is not GS1 (a plain barcode, a bin, a tote). */
export function readGs1(text: string): Gs1 | null {
  if (/^https?:\/\//i.test(text)) return digitalLink(text);
  const prefixed = /^\](?:C1|d2|Q3|e0|J1)/.exec(text);
  const body = prefixed ? text.slice(3) : text;
  if (!prefixed && !body.includes(GS) && !looksLikeElementString(body)) return null;
  const read = elementString(body);
  return Object.keys(read.ais).length > 0 ? read : null;
}

/** Without prefix and GS only a code that starts with a valid GTIN or SSCC is believed. */
function looksLikeElementString(body: string): boolean {
  const key = /^(?:(?:01|02)(\d{14})|00(\d{18}))/.exec(body);
  return key !== null && checkDigitOk(key[1] ?? key[2]!);
}
