// SPDX-License-Identifier: Apache-2.0
// Signing in with a password, or with the one-time link that a first start prints (#/login?code=…).
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useSearchParams } from "react-router-dom";
import { authPost } from "@/api/client";
import { sessionSet, useSession } from "@/api/session";
import type { Session } from "@/api/types";
import icon from "@/app/icon.svg";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Failure, Loading } from "@/ui/Say";

function useLinkLogin(code: string | null, fail: (error: unknown) => void): void {
  const tried = useRef(false);
  useEffect(() => {
    if (code === null || tried.current) return;
    tried.current = true; // the code is good for one try
    authPost<Session>("/link", { code }).then(sessionSet, fail);
  }, [code, fail]);
}

export function Login() {
  const { t } = useTranslation();
  const session = useSession();
  const place = useLocation();
  const [words] = useSearchParams();
  const code = words.get("code");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useLinkLogin(code, setError);
  useEffect(() => {
    document.title = `${t("login.title")} · Sluice`;
  }, [t]);

  if (session !== null) {
    const from = (place.state as { from?: string } | null)?.from ?? "/";
    return <Navigate to={from} replace />;
  }
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    await authPost<Session>("/login", { username: form.get("username"), password: form.get("password") })
      .then(sessionSet, setError)
      .finally(() => setBusy(false));
  };
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="flex w-full max-w-sm flex-col gap-4 rounded-2xl border border-line bg-surface p-6 shadow-sm">
        <div className="flex items-center gap-3">
          <img src={icon} alt="" className="size-9" />
          <h1 className="text-lg font-semibold">{t("login.title")}</h1>
        </div>
        {error !== null && <Failure error={error} />}
        {code !== null && error === null ? (
          <Loading rows={2} />
        ) : (
          <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
            <Field label={t("login.username")} name="username" autoComplete="username" required autoFocus />
            <Field label={t("login.password")} name="password" type="password" autoComplete="current-password" required />
            <Button kind="primary" type="submit" disabled={busy} className="mt-1">
              {t("login.submit")}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}
