// SPDX-License-Identifier: Apache-2.0
// Lines of the log, newest on top. Scrolling down pauses the flow, so that what is being read stays where it is.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router-dom";
import type { StatusLog } from "@/api/types";
import { useFormat } from "@/i18n/format";
import { Badge, type Tone } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Empty, Failure, Loading } from "@/ui/Say";
import { useLogTail } from "./tail";

const LINE_PX = 58;
const TONE: Record<StatusLog["level"], Tone> = { info: "neutral", warning: "warn", error: "bad" };

function Line({ line }: { line: StatusLog }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="grid gap-x-4 border-b border-line px-4 py-2 md:grid-cols-[11rem_10rem_11rem_1fr]">
      <time dateTime={line.created_at} className="text-xs leading-5 text-muted tabular-nums">
        {format.exact(line.created_at)}
      </time>
      <span>
        <Badge tone={TONE[line.level]}>{t(`level.${line.level}`)}</Badge>
      </span>
      {line.supplier_id === null ? (
        <span className="text-muted">{t("rejects.master")}</span>
      ) : (
        <Link to={`/suppliers/${line.supplier_id}`} className="truncate text-accent hover:underline">
          {line.supplier_name}
        </Link>
      )}
      <span className="min-w-0 [overflow-wrap:anywhere]">
        {line.error_message === "" ? t("logs.fine") : line.error_message}
        {line.row_number !== null && <span className="text-muted"> · {t("rejects.row", { row: line.row_number })}</span>}
      </span>
    </div>
  );
}

interface Props {
  supplier?: string | undefined;
  run?: string | undefined;
  level?: string | undefined;
  live: boolean;
}

export function LogView({ supplier, run, level, live }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const [paused, setPaused] = useState(false);
  const { lines, query } = useLogTail({ supplier, run_id: run, level }, live && !paused);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => frame.current,
    estimateSize: () => LINE_PX,
    getItemKey: (index) => lines[index]?.seq ?? index,
    overscan: 12,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.isPending) return <Loading />;
  if (lines.length === 0) return <Empty title={t("logs.none")}>{t("logs.noneHint")}</Empty>;
  const resume = () => {
    frame.current?.scrollTo({ top: 0 });
    setPaused(false);
  };
  return (
    <div className="relative">
      {live && paused && (
        <div className="absolute inset-x-0 top-2 z-10 flex justify-center">
          <Button small kind="primary" onClick={resume}>
            {t("logs.resume")}
          </Button>
        </div>
      )}
      <div
        ref={frame}
        role="log"
        aria-label={t("nav.logs")}
        aria-live="off"
        tabIndex={0}
        onScroll={(event) => setPaused(event.currentTarget.scrollTop > LINE_PX)}
        className="max-h-[32rem] overflow-y-auto"
      >
        <div className="relative" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            return (
              <div
                key={row.key}
                data-index={row.index}
                ref={rows.measureElement}
                className="absolute inset-x-0"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {line !== undefined && <Line line={line} />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
