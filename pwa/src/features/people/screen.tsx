import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Top } from "../../ui/shell.tsx";

export function PeopleScreen(): JSX.Element {
  return <main class="page"><Top title={t("nav.people")} /></main>;
}
