import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get, send } from "../../api/client.ts";
import type { DeviceRow, Enrolment, Page, SessionRow, UserRow } from "../../api/types.ts";
import { moment, t, word } from "../../i18n/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Loaded, Sheet, Trouble, useLoaded } from "../../ui/parts.tsx";
import { Table } from "../../ui/table.tsx";
import { Top } from "../../ui/shell.tsx";
import { may, session, warehouse } from "../session/store.ts";

function Sessions(): JSX.Element {
  const rows = useLoaded(() => get<Page<SessionRow>>("/api/people/sessions"), []);
  const problem = useSignal<unknown>(null);
  const revoke = async (row: SessionRow): Promise<void> => {
    if (!confirm(t("people.revoke_sure", { name: row.user_name }))) return;
    problem.value = null;
    await send(`/api/people/sessions/${row.id}/revoke`).then(rows.again, (error: unknown) => { problem.value = error; });
  };
  return (
    <section class="card">
      <h2>{t("people.sessions")}</h2>
      <Trouble problem={problem.value} />
      <Loaded of={rows}>
        {(page) => (
          <Table heads={[{ label: t("people.name") }, { label: t("people.device") }, { label: t("people.seen") }, { label: t("people.deed") }]}>
                {page.items.filter((row) => row.ended_at === null).map((row) => (
                  <tr key={row.id}>
                    <td>{row.user_name}<br /><small>{word("session_kind", row.kind)}</small></td>
                    <td>{row.device_name ?? row.address}</td>
                    <td>{moment(row.seen_at)}<br /><small>{t("people.since", { at: moment(row.started_at) })}</small></td>
                    <td>{row.id === session.value?.session_id ? t("people.this_one") : <Button onClick={() => void revoke(row)}>{t("people.revoke")}</Button>}</td>
                  </tr>
                ))}
              </Table>
        )}
      </Loaded>
    </section>
  );
}

function Users(): JSX.Element {
  const rows = useLoaded(() => get<Page<UserRow>>("/api/people/users"), []);
  return (
    <section class="card">
      <h2>{t("people.users")}</h2>
      <Loaded of={rows}>
        {(page) => (
          <Table heads={[{ label: t("people.name") }, { label: t("people.roles") }, { label: t("people.can_log_in") }]}>
                {page.items.map((row) => (
                  <tr key={row.id}>
                    <td>{row.name}<br /><small>{row.login}</small></td>
                    <td>{row.roles.map((role) => word("role", role)).join(", ")}</td>
                    <td><span class={`chip ${row.active ? "ok" : "stop"}`}><Icon name={row.active ? "ok" : "stop"} size={16} />{t(row.active ? "people.active" : "people.inactive")}</span>{row.has_badge && row.has_pin && <small> {t("people.by_badge")}</small>}{row.has_password && <small> {t("people.by_password")}</small>}</td>
                  </tr>
                ))}
              </Table>
        )}
      </Loaded>
    </section>
  );
}

function Devices(): JSX.Element {
  const rows = useLoaded(() => get<DeviceRow[]>("/api/devices"), []);
  const offered = useSignal<Enrolment | null>(null);
  const problem = useSignal<unknown>(null);
  const offer = async (): Promise<void> => {
    problem.value = null;
    await send<Enrolment>("/api/devices/enrolments", { warehouse_id: warehouse.value?.id }).then((got) => { offered.value = got; }, (error: unknown) => { problem.value = error; });
  };
  const revoke = async (row: DeviceRow): Promise<void> => {
    if (!confirm(t("people.revoke_device_sure", { name: row.name }))) return;
    await send(`/api/devices/${row.id}/revoke`).then(rows.again, (error: unknown) => { problem.value = error; });
  };
  return (
    <section class="card">
      <div class="row spread"><h2>{t("people.devices")}</h2><Button icon="device" onClick={() => void offer()}>{t("people.offer")}</Button></div>
      <Trouble problem={problem.value} />
      <Loaded of={rows}>
        {(found) => (
          <ul class="rows">{found.map((row) => <li class="task-row" key={row.id}><div><b>{row.name}</b><span>{moment(row.last_seen_at)}</span></div><Button onClick={() => void revoke(row)}>{t("people.revoke")}</Button></li>)}</ul>
        )}
      </Loaded>
      {offered.value && (
        <Sheet title={t("people.offer")} onClose={() => { offered.value = null; rows.again(); }}>
          <p>{t("people.offer_hint", { at: moment(offered.value.expires_at) })}</p>
          <img class="qr" src={offered.value.qr_png} alt={t("people.offer_code")} />
          <output class="huge" dir="ltr">{offered.value.code}</output>
        </Sheet>
      )}
    </section>
  );
}

export function PeopleScreen(): JSX.Element {
  return (
    <main class="page">
      <Top title={t("nav.people")} />
      <div class="columns">
        <Sessions />
        <div class="stack">{may("manage_people") && <Users />}<Devices /></div>
      </div>
    </main>
  );
}
