import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Icon } from "../../ui/icons.tsx";
import { Button, Field } from "../../ui/parts.tsx";
import { Link } from "../../ui/router.tsx";
import { places, Top } from "../../ui/shell.tsx";
import { LanguageSwitch } from "../session/screen.tsx";
import { chooseWarehouse, logout, session, warehouse } from "../session/store.ts";

export function HomeScreen(): JSX.Element {
  const who = session.value;
  return (
    <main class="page">
      <Top title={t("app.name")} />
      <p class="hello"><Icon name="user" />{t("home.hello", { name: who?.user.name ?? "" })}</p>
      {who && who.warehouses.length > 1 && (
        <Field label={t("home.warehouse")}>
          <select value={warehouse.value?.id} onChange={(event) => void chooseWarehouse(Number(event.currentTarget.value))}>
            {who.warehouses.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </Field>
      )}
      <nav class="tiles" aria-label={t("nav.label")}>
        {places().map((place) => <Link key={place.to} to={place.to} class="tile"><Icon name={place.icon} size={44} /><span>{t(place.name)}</span></Link>)}
      </nav>
      <div class="row spread">
        <LanguageSwitch />
        <Button kind="quiet" onClick={() => void logout()}>{t("home.logout")}</Button>
      </div>
    </main>
  );
}
