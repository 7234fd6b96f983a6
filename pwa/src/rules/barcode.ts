import { checkDigitOk } from "./gs1.ts";

/** Barcodes compare in one form: no blanks or control characters, upper case, GTINs without leading zeros, ISBN-10 as ISBN-13. */
export function normalise(code: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a scanner may leave in a code
  const tidy = code.normalize("NFKC").replace(/[\s\u0000-\u001f\u007f]/g, "").toUpperCase();
  const book = isbn13(tidy);
  return /^\d{8,14}$/.test(book) ? book.replace(/^0+(?=\d{8})/, "") : book;
}

/** An ISBN-10 is the same book as its 978 form (ISO 2108); other text stays as it is. */
function isbn13(code: string): string {
  const digits = code.replaceAll("-", "");
  if (/^97[89]\d{10}$/.test(digits)) return digits;
  if (!/^\d{9}[\dX]$/.test(digits)) return code;
  let check = 0;
  for (let at = 0; at < 10; at++) check += (10 - at) * (digits[at] === "X" ? 10 : Number(digits[at]));
  return check % 11 === 0 ? withCheckDigit(`978${digits.slice(0, 9)}`) : code;
}

function withCheckDigit(payload: string): string {
  for (let digit = 0; digit < 10; digit++) if (checkDigitOk(payload + String(digit))) return payload + String(digit);
  return payload;
}

/** UPC-E expanded to UPC-A (GS1 General Specifications 5.2.2.4.2), or null where the text cannot be one. */
export function upcA(code: string): string | null {
  if (!/^\d{6,8}$/.test(code)) return null;
  const body = code.length === 6 ? `0${code}` : code;
  const [system = "", a = "", b = "", c = "", d = "", e = "", last = ""] = body;
  if (system !== "0" && system !== "1") return null;
  const middle = last <= "2" ? `${a}${b}${last}0000${c}${d}${e}` : last === "3" ? `${a}${b}${c}00000${d}${e}` : last === "4" ? `${a}${b}${c}${d}00000${e}` : `${a}${b}${c}${d}${e}0000${last}`;
  const whole = withCheckDigit(system + middle);
  return body.length < 8 || whole.endsWith(body[7]!) ? whole : null;
}

export function sameCode(one: string | null | undefined, other: string | null | undefined): boolean {
  return one != null && other != null && one !== "" && normalise(one) === normalise(other);
}

/** A badge's QR code holds `TL1:` and the badge code; a bare badge code is taken as it is. */
export function readBadge(text: string): string {
  const trimmed = text.trim();
  return /^TL1:/i.test(trimmed) ? trimmed.slice(4) : trimmed;
}

/** 160 bits in base32 behind the prefix: what every badge of ours holds. */
const BADGE = /^TL1:[A-Z2-7]{32}$/;

/**
 * The badge code in a scanned text, null when the text is no whole badge. A scan that was cut in two by a busy machine comes
 * as two texts: `before` is what came just before this one.
 */
export function scannedBadge(text: string, before = ""): string | null {
  const found = [text, before + text].map((one) => one.trim().toUpperCase()).find((one) => BADGE.test(one));
  return found?.slice(4) ?? null;
}
