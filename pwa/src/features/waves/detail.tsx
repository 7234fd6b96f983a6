import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, send } from "../../api/client.ts";
import type { Fact, WaveRow, WaveSheet } from "../../api/types.ts";
import { metres, number, t, word } from "../../i18n/index.ts";
import { subscribe } from "../../realtime/socket.ts";
import { Bar, Button, Loaded, Note, Trouble, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { may } from "../session/store.ts";
import { why } from "./preview.tsx";

interface Progress { best_mm: number | null; bound_mm: number | null; seconds: number | null }

function gap(best: number | null, bound: number | null): string {
  return best && bound ? t("wave.gap", { n: number(((best - bound) / best) * 100, 1) }) : "";
}

/** How good the plan is so far, and a button to be content with it. */
function PlanView({ wave, live, onStop }: { wave: WaveRow; live: Progress | null; onStop: () => void }): JSX.Element | null {
  const best = live?.best_mm ?? wave.plan_best_mm;
  const bound = live?.bound_mm ?? wave.plan_bound_mm;
  const seconds = live?.seconds ?? wave.plan_elapsed_s;
  if (wave.state !== "planning" && wave.plan_status === "failed") return <Note tone="stop">{t("wave.plan_failed")}</Note>;
  if (wave.state !== "planning" && best === null) return null;
  return (
    <section class="card" aria-live="polite">
      <h3>{t("wave.plan")}</h3>
      <p>{[best === null ? t("wave.no_plan_yet") : t("wave.plan_best", { metres: metres(best) }), gap(best, bound), seconds !== null && t("wave.plan_seconds", { n: seconds })].filter(Boolean).join(" · ")}</p>
      {best !== null && bound !== null && <Bar done={bound} all={best} label={t("wave.plan_quality")} />}
      {wave.state === "planning" && <Button kind="stop" icon="stop" onClick={onStop}>{t("wave.stop")}</Button>}
      {wave.state !== "planning" && wave.plan_status && <p class="hint">{word("plan_status", wave.plan_status)}</p>}
    </section>
  );
}

function Orders({ sheet }: { sheet: WaveSheet }): JSX.Element {
  return (
    <Table heads={[{ label: t("wave.order") }, { label: t("wave.state") }, { label: t("wave.lane") }, { label: t("wave.batch"), n: true }, { label: t("wave.slot"), n: true }, { label: t("wave.why") }]}>{sheet.orders.slice(0, 300).map((row) => <tr key={row.order_id}><td>{row.number}</td><td>{word("order_state", row.state)}</td><td>{word("lane", row.lane)}</td><td class="n">{row.batch_no ?? "–"}</td><td class="n">{row.slot_no ?? "–"}</td><td class="wide">{row.code ? why(row.code, row.facts) : ""}</td></tr>)}</Table>
  );
}

export function WaveDetail({ id }: { id: number }): JSX.Element {
  const sheet = useLoaded(() => get<WaveSheet>(`/api/waves/${id}`), [id]);
  const live = useSignal<Progress | null>(null);
  const problem = useSignal<unknown>(null);
  const busy = useSignal(false);
  const warehouseId = sheet.value?.wave.warehouse_id;

  useEffect(() => {
    if (warehouseId === undefined) return;
    const onFacts = (facts: Fact[]): void => {
      for (const fact of facts.filter((one) => one.body.wave_id === id)) {
        if (fact.name === "waves.plan_progressed") live.value = fact.body as unknown as Progress;
        else if (fact.name.startsWith("waves.") || fact.name === "picking.tasks_released") { live.value = null; sheet.again(); }
      }
    };
    return subscribe(`warehouse:${warehouseId}`, { onFacts, onResync: sheet.again });
  }, [id, warehouseId]);

  const run = (verb: string, body: Record<string, unknown> = {}) => async (): Promise<void> => {
    busy.value = true;
    problem.value = null;
    await send(`/api/waves/${id}/${verb}`, body).catch((error: unknown) => { problem.value = error; });
    busy.value = false;
    sheet.again();
  };

  return (
    <Loaded of={sheet}>
      {(found) => {
        const { wave } = found;
        const proven = found.batches.some((batch) => batch.bound_mm !== null);
        const allowed = may("release_waves") && !busy.value;
        return (
          <>
            <section class="card">
              <h2>{wave.number} · {word("wave_state", wave.state)}</h2>
              <p>{wave.strategy_name} · {t("wave.size", { orders: wave.orders, lines: wave.lines, units: wave.units })}</p>
              <Trouble problem={problem.value} />
              <div class="row">
                {(wave.state === "composed" || wave.state === "planned") && <Button kind={wave.state === "composed" ? "main" : "plain"} icon="map" disabled={!allowed} onClick={() => void run("plan")()}>{t("wave.plan_now")}</Button>}
                {wave.state === "planned" && <Button kind="main" icon="play" disabled={!allowed} onClick={() => void run("release")()}>{t("wave.release")}</Button>}
                {["composed", "planned", "released"].includes(wave.state) && <Button icon="close" disabled={!allowed} onClick={() => void run("cancel")()}>{t("wave.cancel")}</Button>}
              </div>
            </section>
            <PlanView wave={wave} live={live.value} onStop={() => void run("stop")()} />
            {found.batches.length > 0 && (
              <Table heads={[{ label: t("wave.batch"), n: true }, { label: t("wave.orders"), n: true }, { label: t("wave.route"), n: true }, ...(proven ? [{ label: t("wave.quality") }] : [])]}>{found.batches.map((batch) => <tr key={batch.id}><td class="n">{batch.no}</td><td class="n">{batch.orders}</td><td class="n">{metres(batch.route_mm)}</td>{proven && <td>{gap(batch.route_mm, batch.bound_mm)}</td>}</tr>)}</Table>
            )}
            {found.orders.length > 0 ? <Orders sheet={found} /> : <Note tone="info">{t("ui.none")}</Note>}
          </>
        );
      }}
    </Loaded>
  );
}
