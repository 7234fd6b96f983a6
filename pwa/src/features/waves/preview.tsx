import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get, send } from "../../api/client.ts";
import type { WavePreview, WavePreviewRow } from "../../api/types.ts";
import { dayClock, has, number, t, word } from "../../i18n/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Loaded, Note, Trouble, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { go } from "../../ui/router.tsx";

/** Which list of words a fact's value belongs to. */
const GROUPS: Record<string, string> = { lane: "lane", lanes: "lane", reasons: "hold", reason: "hold", state: "order_state", limit: "limit" };

function inWords(facts: Record<string, unknown>): Record<string, unknown> {
  const one = (name: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => one(name, each)).join(", ");
    if (typeof value !== "string") return value;
    if (name.endsWith("_at")) return dayClock(value);
    // "hot / single": the order's kind and the one that is asked for.
    return GROUPS[name] ? value.split(" / ").map((each) => word(GROUPS[name]!, each)).join(" / ") : value;
  };
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, one(name, value)]));
}

/** Why an order is in or out, in words; facts of the server fill in the numbers. */
export function why(code: string | null, facts: Record<string, unknown>): string {
  if (!code) return "–";
  return has(`why.${code}`) ? t(`why.${code}`, inWords(facts)) : code;
}

function Row({ row }: { row: WavePreviewRow }): JSX.Element {
  return (
    <tr>
      <td>{row.number}</td>
      <td><span class={`chip ${row.chosen ? "ok" : "warn"}`}><Icon name={row.chosen ? "ok" : "warn"} size={16} />{t(row.chosen ? "wave.in" : "wave.out")}</span></td>
      <td class="wide">{why(row.code, row.facts)}</td>
      <td>{word("lane", row.lane)}</td>
      <td class="n">{row.lines}</td>
      <td class="n">{row.units}</td>
      <td>{dayClock(row.due_at)}</td>
    </tr>
  );
}

export function Preview({ strategyId }: { strategyId: number }): JSX.Element {
  const preview = useLoaded(() => get<WavePreview>("/api/waves/preview", { strategy_id: strategyId }), [strategyId]);
  const which = useSignal<"all" | "in" | "out">("all");
  const most = useSignal(100);
  const busy = useSignal(false);
  const problem = useSignal<unknown>(null);
  const compose = async (): Promise<void> => {
    busy.value = true;
    problem.value = null;
    await send<{ wave_id: number }>("/api/waves", { strategy_id: strategyId }).then((made) => go(`/waves?wave=${made.wave_id}`), (error: unknown) => { problem.value = error; });
    busy.value = false;
  };
  return (
    <Loaded of={preview}>
      {(found) => {
        const rows = found.rows.filter((row) => which.value === "all" || row.chosen === (which.value === "in"));
        if (found.rows.length === 0) return <Note tone="info">{t("wave.no_orders_wait")}</Note>;
        return (
          <>
            <Note tone={found.orders_in > 0 ? "ok" : "warn"}>{t("wave.preview_sum", { in: found.orders_in, out: found.orders_out, units: found.units, kg: number(found.weight_g / 1000, 1) })}</Note>
            <ul class="row plain">{Object.entries(found.codes).filter(([code]) => code !== "in").map(([code, n]) => <li class="chip warn" key={code}>{t("wave.reason_count", { reason: word("why_short", code), n })}</li>)}</ul>
            <Trouble problem={problem.value} />
            <Button kind="main" big icon="wave" disabled={busy.value || found.orders_in === 0} onClick={() => void compose()}>{t("wave.compose", { n: found.orders_in })}</Button>
            <div class="row" role="group" aria-label={t("wave.show")}>
              {(["all", "in", "out"] as const).map((one) => <Button key={one} kind={which.value === one ? "main" : "plain"} onClick={() => { which.value = one; }}>{t(one === "all" ? "ui.all" : `wave.${one}`)}</Button>)}
            </div>
            <Table heads={[{ label: t("wave.order") }, { label: t("wave.in_out") }, { label: t("wave.why") }, { label: t("wave.lane") }, { label: t("wave.lines"), n: true }, { label: t("wave.units"), n: true }, { label: t("wave.due") }]}>{rows.slice(0, most.value).map((row) => <Row key={row.order_id} row={row} />)}</Table>
            {rows.length > most.value && <Button onClick={() => { most.value += 200; }}>{t("ui.more_rows")}</Button>}
          </>
        );
      }}
    </Loaded>
  );
}
