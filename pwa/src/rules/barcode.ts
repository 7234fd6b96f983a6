/** Barcodes compare in one form: no blanks or control characters, upper case, GTINs without their leading zeros. */
export function normalise(code: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are exactly what a scanner may leave in a code
  const plain = code.replace(/[\s\u0000-\u001f\u007f]/g, "").toUpperCase();
  const book = isbn13(plain);
  return /^\d{8,14}$/.test(book) ? book.replace(/^0+(?=\d{8})/, "") : book;
}

/** An ISBN-10 is the same book as its 978 form (ISO 2108); other text stays as it is. */
function isbn13(code: string): string {
  const digits = code.replaceAll("-", "");
  if (/^97[89]\d{10}$/.test(digits)) return digits;
  if (!/^\d{9}[\dX]$/.test(digits)) return code;
  let check = 0;
  for (let at = 0; at < 10; at++) check += (10 - at) * (digits[at] === "X" ? 10 : Number(digits[at]));
  if (check % 11 !== 0) return code;
  const body = `978${digits.slice(0, 9)}`;
  let sum = 0;
  for (let at = 0; at < 12; at++) sum += Number(body[at]) * (at % 2 ? 3 : 1);
  return body + String((10 - (sum % 10)) % 10);
}

export function sameCode(one: string | null | undefined, other: string | null | undefined): boolean {
  return one != null && other != null && one !== "" && normalise(one) === normalise(other);
}

/** A badge's QR code holds `TL1:` and the badge code; a bare badge code is taken as it is. */
export function readBadge(text: string): string {
  const trimmed = text.trim();
  return /^TL1:/i.test(trimmed) ? trimmed.slice(4) : trimmed;
}
