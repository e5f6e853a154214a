// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "@/api/client";
import { i18nStart } from "@/i18n";
import { Boundary } from "@/app/Boundary";
import { Router } from "@/app/router";
import { themeStart } from "@/app/theme";
import "./index.css";

// What the server refuses stays refused; only a missing answer is worth a second try.
const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && error instanceof ApiError && error.code === "OFFLINE",
    },
  },
});

async function start(): Promise<void> {
  themeStart();
  await i18nStart();
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Boundary>
          <Router />
        </Boundary>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
