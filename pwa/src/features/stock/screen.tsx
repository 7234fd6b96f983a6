import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, Problem } from "../../api/client.ts";
import type { BalanceRow, Page, PlaceOut, ScanOut, SkuRow, StockThen } from "../../api/types.ts";
import { day, t, word } from "../../i18n/index.ts";
import { CameraButton } from "../../scanner/camera-button.tsx";
import { deliver, onScan } from "../../scanner/wedge.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Field, Loaded, Note, Trouble, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { go, query } from "../../ui/router.tsx";
import { Top } from "../../ui/shell.tsx";
import { warehouse } from "../session/store.ts";
import { Explain } from "./explain.tsx";
import { ScanFacts } from "../catalog/scan-facts.tsx";

type Wanted = { sku_id: number; name: string } | { location_id: number; name: string } | { lpn: string; name: string };

async function findPlace(text: string): Promise<Wanted | null> {
  try {
    const place = await get<PlaceOut>(`/api/layout/warehouses/${warehouse.value?.id}/scan`, { text });
    return { location_id: place.id, name: place.code };
  } catch (error) {
    if (error instanceof Problem && error.status >= 400 && error.status < 500) return null;
    throw error;
  }
}

/** Anything a person may scan or type: goods, bin, tote; else a search in names. */
async function find(text: string): Promise<{ wanted: Wanted | null; choice: SkuRow[]; scan: ScanOut }> {
  const scan = await get<ScanOut>("/api/catalog/scan", { text });
  const [only, second] = scan.candidates;
  if (only && !second) return { wanted: { sku_id: only.sku_id, name: only.name }, choice: [], scan };
  if (only) return { wanted: null, choice: scan.candidates.map((one) => ({ id: one.sku_id, code: one.code, name: one.name, image_url: null, unit: "", barcodes: [], active: true })), scan };
  const place = await findPlace(text);
  if (place) return { wanted: place, choice: [], scan };
  const found = (await get<Page<SkuRow>>("/api/catalog/skus", { search: text })).items;
  if (found.length > 0) return { wanted: null, choice: found, scan };
  return { wanted: { lpn: text.trim().toUpperCase(), name: text }, choice: [], scan };
}

interface Shown { balance: BalanceRow; then: number | null }

function Balances({ wanted, at }: { wanted: Wanted; at: string }): JSX.Element {
  const id = warehouse.value?.id;
  const which: Record<string, string | number> = { ...wanted };
  delete which.name;
  const rows = useLoaded(async (): Promise<Shown[]> => {
    if (at && !("lpn" in which)) return (await get<Page<StockThen>>("/api/stock/as-of", { warehouse_id: id, at: new Date(at).toISOString(), ...which })).items.map((row) => ({ balance: row.balance, then: row.on_hand_then }));
    return (await get<Page<BalanceRow>>("/api/stock/balances", { warehouse_id: id, ...which })).items.map((balance) => ({ balance, then: null }));
  }, [id, at, JSON.stringify(which)]);
  return (
    <section class="card">
      <h2>{wanted.name}</h2>
      <Loaded of={rows}>
        {(found) => found.length === 0 ? <Note tone="info">{t("stock.nothing")}</Note> : (
          <Table heads={[{ label: t("stock.bin") }, { label: t("stock.sku") }, { label: t(at ? "stock.then" : "stock.on_hand"), n: true }, { label: t("stock.reserved"), n: true }, { label: t("stock.lot") }, { label: t("stock.why") }]}>
                {found.map(({ balance, then }) => (
                  <tr key={balance.id}>
                    <td><b dir="ltr">{balance.location_code}</b>{balance.blocked && <span class="chip warn"><Icon name="warn" size={16} />{t("stock.blocked")}</span>}{balance.lpn && <><br /><small dir="ltr">{balance.lpn}</small></>}</td>
                    <td class="wide">{balance.sku_name}<br /><small>{balance.sku_code}{balance.quality !== "good" && ` · ${word("quality", balance.quality)}`}</small></td>
                    <td class="n"><b>{then ?? balance.on_hand}</b></td>
                    <td class="n">{then === null ? balance.reserved : "–"}</td>
                    <td>{balance.lot_code ?? "–"}{balance.expiry_on && <><br /><small>{day(balance.expiry_on)}</small></>}</td>
                    <td><Button onClick={() => go(`/stock?explain=${balance.id}`)}>{t("stock.explain")}</Button></td>
                  </tr>
                ))}
              </Table>
        )}
      </Loaded>
    </section>
  );
}

function Finder(): JSX.Element {
  const found = useSignal<Awaited<ReturnType<typeof find>> | null>(null);
  const problem = useSignal<unknown>(null);
  const at = useSignal("");
  const search = async (text: string): Promise<void> => {
    problem.value = null;
    await find(text).then((got) => { found.value = got; }, (error: unknown) => { problem.value = error; });
  };
  useEffect(() => {
    const asked = query.peek().get("text");
    if (asked) void search(asked);
    return onScan((text) => void search(text));
  }, []);
  const wanted = found.value?.wanted;
  return (
    <>
      <form class="card row" onSubmit={(event) => { event.preventDefault(); deliver(new FormData(event.currentTarget).get("text") as string); }}>
        <input name="text" type="search" placeholder={t("stock.find")} aria-label={t("stock.find")} required />
        <Button kind="main" type="submit">{t("ui.search")}</Button>
        <CameraButton />
        <Field label={t("stock.as_of")}><input type="datetime-local" step={1} onChange={(event) => { at.value = event.currentTarget.value; }} /></Field>
      </form>
      <Trouble problem={problem.value} />
      {found.value && <ScanFacts of={found.value.scan} />}
      {found.value && found.value.choice.length > 0 && (
        <section class="card"><h2>{t("stock.which")}</h2><div class="stack">{found.value.choice.map((sku) => <Button key={sku.id} onClick={() => { found.value = { ...found.value!, wanted: { sku_id: sku.id, name: sku.name }, choice: [] }; }}>{sku.name} · {sku.code}</Button>)}</div></section>
      )}
      {wanted && <Balances wanted={wanted} at={at.value} />}
    </>
  );
}

export function StockScreen(): JSX.Element {
  const balance = Number(query.value.get("explain"));
  return (
    <main class="page">
      <Top title={t("nav.stock")} />
      {balance > 0 ? <><div class="row"><Button kind="quiet" icon="back" onClick={() => history.back()}>{t("ui.back")}</Button></div><Explain balanceId={balance} /></> : <Finder />}
    </main>
  );
}
