import type { JSX } from "preact";
import type { ScanOut } from "../../api/types.ts";
import { day, t } from "../../i18n/index.ts";
import { Note } from "../../ui/parts.tsx";

/** What the server read in a code beyond the goods: lot, dates, and what it could not read. */
export function ScanFacts({ of }: { of: ScanOut }): JSX.Element | null {
  const facts = [
    of.gtin && t("scan_facts.gtin", { gtin: of.gtin }),
    of.lot && t("scan_facts.lot", { lot: of.lot }),
    of.expiry_on && t("scan_facts.expiry", { day: day(of.expiry_on) }),
    of.serial && t("scan_facts.serial", { serial: of.serial }),
    of.sscc && t("scan_facts.sscc", { sscc: of.sscc }),
    of.qty !== null && t("scan_facts.qty", { n: of.qty }),
  ].filter(Boolean);
  const lost = [...of.unknown_ais, ...of.wrong_ais];
  if (facts.length === 0 && lost.length === 0 && !of.misread) return null;
  return (
    <Note tone={of.misread || lost.length > 0 ? "warn" : "info"}>
      {facts.length > 0 && <p>{facts.join(" · ")}</p>}
      {lost.length > 0 && <p>{t("scan_facts.unknown", { ais: lost })}</p>}
      {of.misread && <p>{t("scan_facts.misread")}</p>}
    </Note>
  );
}
