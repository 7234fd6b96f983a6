import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Fact, TaskRow } from "../../api/types.ts";
import { dayClock, t, word } from "../../i18n/index.ts";
import { Bar, Button, Note, Trouble } from "../../ui/parts.tsx";
import { Top } from "../../ui/shell.tsx";
import { sound } from "../../ui/tones.ts";
import { may, session, warehouse } from "../session/store.ts";
import { claimNext, claimTask, goOn, kept, loadTasks, openTask, tasks } from "./store.ts";

function Row({ row, run }: { row: TaskRow; run: (work: () => Promise<unknown>) => void }): JSX.Element {
  const mine = row.picker_id !== null && row.picker_id === session.value?.user.id;
  const how = row.state === "open" ? "claim" : row.state === "suspended" && mine ? "resume" : "take-over";
  // What a colleague has in hand only a supervisor may take; what they put aside, anybody.
  const allowed = how !== "take-over" || row.state === "suspended" || may("supervise");
  const label = mine && row.state === "claimed" ? "pick.go_on" : `pick.${how === "take-over" ? "take_over" : how}`;
  const work = (): Promise<unknown> => (mine && row.state === "claimed" ? openTask(row.id) : claimTask(row.id, how));
  return (
    <li class="task-row">
      <div>
        <b>{row.wave_number ?? t("pick.task_no", { id: row.id })}</b>
        <span>{t("pick.task_size", { lines: row.lines, units: row.units, totes: row.orders })}</span>
        <span>{word("task_state", row.state)}{row.picker_name && ` · ${row.picker_name}`}{row.due_at && ` · ${t("pick.due", { at: dayClock(row.due_at) })}`}</span>
        {row.lines_open < row.lines && <Bar done={row.lines - row.lines_open} all={row.lines} label={t("pick.progress_label")} />}
      </div>
      {(mine || allowed) && <Button onClick={() => run(work)}>{t(label)}</Button>}
    </li>
  );
}

const NEW_WORK = new Set(["picking.tasks_released", "floor.task_opened", "floor.task_suspended", "floor.task_cancelled", "floor.task_claimed"]);

/** Who waits for work hears of it at once; who is picking does not need the whole floor's news. */
function watchNewWork(onNews: () => void): () => void {
  let leave: (() => void) | null = null;
  let gone = false;
  let later: ReturnType<typeof setTimeout> | undefined;
  const again = (): void => {
    clearTimeout(later);
    later = setTimeout(() => void loadTasks().catch(() => undefined), 400);
  };
  const onFacts = (facts: Fact[]): void => {
    if (!facts.some((fact) => NEW_WORK.has(fact.name))) return;
    if (facts.some((fact) => fact.name === "picking.tasks_released" || fact.name === "floor.task_opened")) { onNews(); sound("ok"); }
    again();
  };
  const id = warehouse.peek()?.id;
  if (id !== undefined) void import("../../realtime/socket.ts").then((socket) => { if (!gone) leave = socket.subscribe(`warehouse:${id}`, { onFacts, onResync: again }, null); });
  return () => { gone = true; clearTimeout(later); leave?.(); };
}

export function TaskList(): JSX.Element {
  const busy = useSignal(false);
  const problem = useSignal<unknown>(null);
  const none = useSignal(false);
  const run = (work: () => Promise<unknown>): void => {
    busy.value = true;
    problem.value = null;
    work().then(() => { busy.value = false; }, (error: unknown) => { busy.value = false; problem.value = error; });
  };
  useEffect(() => { loadTasks().catch((error: unknown) => { problem.value = error; }); }, []);
  useEffect(() => watchNewWork(() => { none.value = false; }), []);
  return (
    <main class="page">
      <Top title={t("pick.title")} />
      <Button kind={kept.value ? "plain" : "main"} big icon="play" disabled={busy.value} onClick={() => run(async () => { none.value = (await claimNext()) === null; })}>{t("pick.take_next")}</Button>
      {kept.value && <Button kind="main" big icon="scan" onClick={() => void goOn()}>{t("pick.go_on_with", { task: kept.value.wave?.number ?? kept.value.id })}</Button>}
      {none.value && <Note tone="info" live>{t("pick.none")}</Note>}
      <Trouble problem={problem.value} />
      <ul class="rows">{tasks.value.map((row) => <Row key={row.id} row={row} run={run} />)}</ul>
      <Button icon="list" disabled={busy.value} onClick={() => run(loadTasks)}>{t("ui.refresh")}</Button>
    </main>
  );
}
