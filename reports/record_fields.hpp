#pragma once

#include "reports/json.hpp"
#include "reports/record.hpp"

/// The members of a record and what is in it, as json.hpp asks for them: the layout of record.hpp, for whoever writes
/// or reads one.
namespace audit::reports {

using json::Is;

void fields(Is<Build> auto& build, auto& each) {
  each("compiler", build.compiler);
  each("flags", build.flags);
  each("commit", build.commit);
}

void fields(Is<Machine> auto& machine, auto& each) {
  each("cpu", machine.cpu);
  each("isa", machine.isa);
  each("libm", machine.libm);
}

void fields(Is<Finding> auto& finding, auto& each) {
  each("law", finding.law);
  each("map", finding.map);
  each("format", finding.format);
  each("case", finding.case_id);
  each("element", finding.element);
  each("got", finding.got);
  each("want", finding.want);
  each("ulp", finding.ulp);
  each("bound", finding.bound);
  each("source", finding.source);
  each("replay", finding.replay);
}

void fields(Is<Checked> auto& checked, auto& each) {
  each("target", checked.target);
  each("version", checked.version);
  each("verdict", checked.verdict);
  each("findings", checked.findings);
}

void fields(Is<TimeComparison> auto& comparison, auto& each) {
  each("versus", comparison.versus);
  each("threshold", comparison.threshold);
  each("instances", comparison.instances);
  each("control_low", comparison.control_low);
  each("control_high", comparison.control_high);
  each("ratio", comparison.ratio);
  each("ratio_low", comparison.ratio_low);
  each("ratio_high", comparison.ratio_high);
}

void fields(Is<Record> auto& record, auto& each) {
  each("kind", record.kind);
  const bool accuracy = record.kind == "accuracy";
  const bool law = record.kind == "law";
  const bool contract = record.kind == "contract";
  const bool speed = record.kind == "speed";
  each("target", record.target);
  each("version", record.version);
  each("map", record.map);
  each("format", record.format, !contract);
  each("family", record.family, accuracy || law);
  each("n", record.n, accuracy || speed);
  each("rows", record.rows, !contract);
  each("seed", record.seed, accuracy || law);
  each("max_ulp", record.max_ulp);
  each("max_ulp_case", record.max_ulp_case, accuracy);
  each("max_ulp_element", record.max_ulp_element, accuracy);
  each("max_ulp_bound", record.max_ulp_bound);
  each("max_ulp_spread", record.max_ulp_spread);
  each("mean_abs_ulp", record.mean_abs_ulp);
  each("correctly_rounded", record.correctly_rounded);
  each("outcomes", record.outcomes, accuracy);
  each("witnesses", record.witnesses, false);
  each("row_digests", record.row_digests, false);
  each("rows_in_domain", record.rows_in_domain, accuracy);
  each("fallback_rate", record.fallback_rate);
  each("special_rows", record.special_rows, false);
  each("undecided", record.undecided, accuracy);
  each("bound_utilisation", record.bound_utilisation);
  each("utilisation_case", record.utilisation_case, false);
  each("findings", record.findings, law);
  each("claim", record.claim, accuracy);
  each("proved_by_enumeration", record.proved_by_enumeration, false);
  each("absent", record.absent, false);
  each("answers", record.answers, false);
  each("cache", record.cache, speed);
  each("ns_min", record.ns_min);
  each("ns_median", record.ns_median);
  each("ns_max", record.ns_max);
  each("gb_per_s", record.gb_per_s);
  each("roofline_fraction", record.roofline_fraction);
  each("comparison", record.comparison);
  each("verdict", record.verdict);
  each("build", record.build);
  each("machine", record.machine);
}

}  // namespace audit::reports
