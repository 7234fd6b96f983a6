import type { JSX } from "preact";
import { t } from "../../i18n/index.ts";
import { Top } from "../../ui/shell.tsx";

export function WavesScreen(): JSX.Element {
  return <main class="page"><Top title={t("nav.waves")} /></main>;
}
