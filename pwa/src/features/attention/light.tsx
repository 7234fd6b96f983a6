import type { JSX } from "preact";
import { computed } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import { commands, online } from "../../queue/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Link } from "../../ui/router.tsx";

const waiting = computed(() => commands.value.filter((one) => one.state === "waiting").length);
const refused = computed(() => commands.value.filter((one) => one.state !== "waiting").length);

/** Network and queue in one look: icon, word, number. Leads to what needs attention. */
export function QueueLight(): JSX.Element {
  const state = refused.value > 0 ? "stop" : !online.value || waiting.value > 0 ? "warn" : "ok";
  const label = refused.value > 0 ? t("queue.refused", { n: refused.value }) : waiting.value > 0 ? t("queue.waiting", { n: waiting.value }) : t(online.value ? "queue.online" : "queue.offline");
  return (
    <Link to="/attention" class={`queue-light ${state}`}>
      <Icon name={refused.value > 0 ? "stop" : online.value ? "online" : "offline"} size={24} />
      <span role="status">{label}</span>
    </Link>
  );
}
