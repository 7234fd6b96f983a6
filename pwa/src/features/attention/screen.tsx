import type { JSX } from "preact";
import { moment, refusal, t, word } from "../../i18n/index.ts";
import { commands, online, queue } from "../../queue/index.ts";
import type { QueuedCommand } from "../../queue/rules.ts";
import { Button, Note } from "../../ui/parts.tsx";
import { Top } from "../../ui/shell.tsx";
import { session } from "../session/store.ts";

function what(command: QueuedCommand): string {
  const { qty, location_code: location, lpn } = command.body as { qty?: number; location_code?: string; lpn?: string };
  return [word("deed", command.kind), qty !== undefined && t("queue.qty", { n: qty }), location, lpn].filter(Boolean).join(" · ");
}

/** What the server refused, in plain words with the next step; what still waits; nothing disappears without a person. */
export function AttentionScreen(): JSX.Element {
  const refused = commands.value.filter((one) => one.state !== "waiting");
  const waiting = commands.value.filter((one) => one.state === "waiting");
  const others = waiting.filter((one) => one.user_id !== session.value?.user.id).length;
  return (
    <main class="page">
      <Top title={t("queue.title")} />
      {refused.length === 0 && waiting.length === 0 && <Note tone="ok">{t("queue.empty")}</Note>}
      {refused.map((one) => (
        <article class="card" key={one.id}>
          <h2>{what(one)}</h2>
          <p class="code">{moment(one.event_at)}</p>
          <Note tone="stop">{refusal(one.problem?.code ?? "unknown", one.problem?.facts)}</Note>
          <div class="row">
            <Button onClick={() => void queue.dismiss(one.id)} icon="ok">{t("queue.understood")}</Button>
            {one.state === "refused" && <Button kind="quiet" onClick={() => void queue.again(one.id)}>{t("queue.again")}</Button>}
          </div>
        </article>
      ))}
      {waiting.length > 0 && (
        <section class="card">
          <h2>{t("queue.waiting_title", { n: waiting.length })}</h2>
          {others > 0 && <Note tone="info">{t("queue.others", { n: others })}</Note>}
          {!online.value && <Note tone="warn">{t("queue.no_network")}</Note>}
          <ol class="plain">{waiting.map((one) => <li key={one.id}>{moment(one.event_at)} — {what(one)}</li>)}</ol>
          <Button icon="queue" onClick={() => void queue.flush()}>{t("queue.send_now")}</Button>
        </section>
      )}
    </main>
  );
}
