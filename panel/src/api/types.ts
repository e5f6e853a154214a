// SPDX-License-Identifier: Apache-2.0
// The API's words as types, taken from its own document (core/http/openapi.json).
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Session = Schemas["Session"];
export type User = Schemas["User"];
export type Status = Schemas["Status"];
export type StatusSupplier = Schemas["StatusSupplier"];
export type StatusLog = Schemas["StatusLog"];
export type LastRun = Schemas["LastRun"];
export type Run = Schemas["Run"];
export type RunSupplier = Schemas["RunSupplier"];
export type Supplier = Schemas["Supplier"];
export type SupplierDetail = Schemas["SupplierDetail"];
export type Mapping = Schemas["Mapping"];
export type MappingColumn = Schemas["MappingColumn"];
export type PriceChange = Schemas["PriceChange"];
export type Item = Schemas["Item"];
export type Reject = Schemas["Reject"];
export type RejectCount = Schemas["RejectCount"];
export type Hold = Schemas["Hold"];
export type HoldDecided = Schemas["HoldDecided"];
export type Logs = Schemas["Logs"];
export type Schedule = Schemas["Schedule"];
export type Tick = Schemas["Tick"];
export type Accepted = Schemas["Accepted"];
export type ErrorCode = Schemas["Error"]["error"]["code"];

/** One page of a list; `has_more` says whether another follows. */
export interface Page<Row> {
  items: Row[];
  limit: number;
  offset: number;
  has_more: boolean;
}
