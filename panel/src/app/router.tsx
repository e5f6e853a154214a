// SPDX-License-Identifier: Apache-2.0
// Which address shows which screen. All but the login need a session.
import { HashRouter, Route, Routes } from "react-router-dom";
import { Approvals } from "@/features/approvals/Approvals";
import { Login } from "@/features/auth/Login";
import { Logs } from "@/features/logs/Logs";
import { Overview } from "@/features/overview/Overview";
import { Rejects } from "@/features/rejects/Rejects";
import { RunDetail } from "@/features/runs/RunDetail";
import { Runs } from "@/features/runs/Runs";
import { Schedule } from "@/features/schedule/Schedule";
import { SupplierDetail } from "@/features/suppliers/SupplierDetail";
import { Suppliers } from "@/features/suppliers/Suppliers";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

export function Router() {
  return (
    <HashRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>
      <Routes>
        <Route path="/login" element={<Login />} />
        <Route path="/" element={<Shell />}>
          <Route index element={<Overview />} />
          <Route path="suppliers" element={<Suppliers />} />
          <Route path="suppliers/:id" element={<SupplierDetail />} />
          <Route path="runs" element={<Runs />} />
          <Route path="runs/:id" element={<RunDetail />} />
          <Route path="rejects" element={<Rejects />} />
          <Route path="approvals" element={<Approvals />} />
          <Route path="logs" element={<Logs />} />
          <Route path="schedule" element={<Schedule />} />
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
    </HashRouter>
  );
}
