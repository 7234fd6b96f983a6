import type { PickLocation, PickSku, Tote } from "../../api/types.ts";
import { normalise, sameCode, upcA } from "../../rules/barcode.ts";
import { readGs1 } from "../../rules/gs1.ts";

/** What a scanned text says about one SKU. `qty` is what one scan of this label stands for (a carton code: its content). */
export interface SkuReading { qty: number; lot: string | null; expiry_on: string | null; serial: string | null }

/** The reading when the text is any label of this SKU, else null. */
export function readSku(sku: PickSku, text: string): SkuReading | null {
  const plain = { lot: null, expiry_on: null, serial: null };
  const code = normalise(text);
  const long = upcA(code);
  const barcode = sku.barcodes.find((one) => normalise(one.code) === code) ?? (long ? sku.barcodes.find((one) => sameCode(one.code, long)) : undefined);
  if (barcode) return { qty: barcode.qty, ...plain };
  if (normalise(sku.code) === code) return { qty: 1, ...plain };
  const gs1 = readGs1(text);
  const known = gs1?.gtin && sku.barcodes.find((one) => sameCode(one.code, gs1.gtin));
  if (!gs1 || !known) return null;
  return { qty: gs1.qty ?? known.qty, lot: gs1.lot, expiry_on: gs1.expiry_on, serial: gs1.serial };
}

/**
 * A bin label reads `<check>.<code>`, check first, so that a scan cut at either end cannot pass for another bin. The bare code
 * is taken too: it is what a person types when the label is damaged.
 */
export function isLocation(location: Pick<PickLocation, "code" | "check_code">, text: string): boolean {
  const { code, check_code: check } = location;
  return sameCode(code, text) || (check !== null && (sameCode(`${check}.${code}`, text) || sameCode(`${code}.${check}`, text)));
}

/** The right bin's code with a check that does not fit: a misread, not a mistake of the picker. */
export function isMisread(location: Pick<PickLocation, "code" | "check_code">, text: string): boolean {
  const dot = text.indexOf(".");
  if (dot < 0 || location.check_code === null) return false;
  const parts = [text.slice(0, dot), text.slice(dot + 1)];
  return !isLocation(location, text) && (parts.some((part) => sameCode(part, location.code)) || parts.some((part) => sameCode(part, location.check_code)));
}

export function isTote(tote: Pick<Tote, "lpn">, text: string): boolean {
  return sameCode(tote.lpn, text) || sameCode(tote.lpn, readGs1(text)?.sscc);
}

/** A lot label: the bare lot number, or GS1 with AI 10. */
export function readLot(text: string): { lot: string; expiry_on: string | null } {
  const gs1 = readGs1(text);
  return gs1?.lot ? { lot: gs1.lot, expiry_on: gs1.expiry_on } : { lot: text.trim(), expiry_on: null };
}
