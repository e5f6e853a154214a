// SPDX-License-Identifier: Apache-2.0
// The frame of every screen: navigation, who is signed in, and what the reader must know wherever he is.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, NavLink, Outlet, useLocation } from "react-router-dom";
import { useSession } from "@/api/session";
import { useRecovery, useStatus } from "@/api/status";
import { Button } from "@/ui/Button";
import { Alerts } from "./Alerts";
import { Preferences } from "./Preferences";
import icon from "./icon.svg";

const SCREENS = [
  { to: "/", text: "nav.overview", icon: "M2 9l6-6 6 6M4 8v6h8V8" },
  { to: "/suppliers", text: "nav.suppliers", icon: "M2 14V6l6-3 6 3v8M6 14v-4h4v4" },
  { to: "/runs", text: "nav.runs", icon: "M8 3a5 5 0 1 1-5 5M8 5v3l2 2M1 6l2 2 2-2" },
  { to: "/rejects", text: "nav.rejects", icon: "M2.5 3h11M2.5 8h5M2.5 13h5M10 9l4 4M14 9l-4 4" },
  { to: "/approvals", text: "nav.approvals", icon: "M3 3h10v10H3zM5.5 8l2 2 3.5-4" },
  { to: "/logs", text: "nav.logs", icon: "M3 4h10M3 8h10M3 12h6" },
  { to: "/schedule", text: "nav.schedule", icon: "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2v3M10.5 2v3" },
] as const;

function Glyph({ path }: { path: string }) {
  return (
    <svg aria-hidden viewBox="0 0 16 16" className="size-4 shrink-0 fill-none stroke-current stroke-[1.6]" strokeLinecap="round" strokeLinejoin="round">
      <path d={path} />
    </svg>
  );
}

function Navigation({ holds, onGo }: { holds: number; onGo: () => void }) {
  const { t } = useTranslation();
  return (
    <ul className="flex flex-col gap-0.5">
      {SCREENS.map((screen) => (
        <li key={screen.to}>
          <NavLink
            to={screen.to}
            end={screen.to === "/"}
            onClick={onGo}
            className={({ isActive }) =>
              `flex min-h-9 items-center gap-2.5 rounded-lg px-3 ${isActive ? "bg-accent-soft font-medium text-accent" : "text-muted hover:bg-sunken hover:text-ink"}`
            }
          >
            <Glyph path={screen.icon} />
            {t(screen.text)}
            {screen.to === "/approvals" && holds > 0 && (
              <span className="ml-auto rounded-full bg-warn-soft px-2 text-xs font-semibold text-warn">
                {holds}
                <span className="sr-only"> {t("nav.waiting")}</span>
              </span>
            )}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const session = useSession();
  const place = useLocation();
  const status = useStatus();
  useRecovery(status.isError);
  const [open, setOpen] = useState(false);
  if (session === null) return <Navigate to="/login" replace state={{ from: place.pathname }} />;
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[14rem_1fr]">
      <a href="#content" className="sr-only rounded-lg bg-surface p-3 focus:not-sr-only focus:absolute focus:z-20" onClick={(event) => {
        event.preventDefault();
        document.getElementById("content")?.focus();
      }}>
        {t("nav.skip")}
      </a>
      <header className="flex flex-col border-line bg-surface max-md:border-b md:sticky md:top-0 md:h-dvh md:border-r">
        <div className="flex items-center gap-2.5 px-4 py-3 md:py-5">
          <img src={icon} alt="" className="size-7" />
          <span className="text-base font-semibold tracking-tight">Sluice</span>
          <Button kind="quiet" small className="ml-auto md:hidden" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
            {t(open ? "nav.close" : "nav.menu")}
          </Button>
        </div>
        <div id="navigation" className={`flex-1 flex-col justify-between gap-6 px-2 pb-4 md:flex ${open ? "flex" : "max-md:hidden"}`}>
          <nav aria-label={t("nav.screens")}>
            <Navigation holds={status.data?.holds ?? 0} onGo={() => setOpen(false)} />
          </nav>
          <Preferences user={session.user} />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <Alerts status={status} />
        <Outlet />
      </main>
    </div>
  );
}
