import type { JSX } from "preact";
import { t } from "../i18n/index.ts";
import { QueueLight } from "../features/attention/light.tsx";
import { may } from "../features/session/store.ts";
import { Icon } from "./icons.tsx";
import { Link, path } from "./router.tsx";

export interface Place { to: string; icon: string; name: string; may: string | null }

export const PLACES: Place[] = [
  { to: "/pick", icon: "scan", name: "nav.pick", may: "pick" },
  { to: "/board", icon: "board", name: "nav.board", may: "supervise" },
  { to: "/waves", icon: "wave", name: "nav.waves", may: "supervise" },
  { to: "/orders", icon: "order", name: "nav.orders", may: "view_orders" },
  { to: "/stock", icon: "stock", name: "nav.stock", may: "view_stock" },
  { to: "/map", icon: "map", name: "nav.map", may: "view_stock" },
  { to: "/people", icon: "people", name: "nav.people", may: "supervise" },
  { to: "/device", icon: "device", name: "nav.device", may: null },
];

export const places = (): Place[] => PLACES.filter((place) => place.may === null || may(place.may));

export function Top({ title }: { title: string }): JSX.Element {
  return (
    <header class="top">
      {path.value !== "/" && <Link to="/" class="button quiet"><Icon name="back" /><span>{t("nav.home")}</span></Link>}
      <h1>{title}</h1>
      <nav class="desk-nav" aria-label={t("nav.label")}>{places().map((place) => <Link key={place.to} to={place.to}>{t(place.name)}</Link>)}</nav>
      <QueueLight />
    </header>
  );
}
