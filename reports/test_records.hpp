#pragma once

#include "reports/eye.hpp"
#include "reports/record.hpp"

namespace audit::reports {

/// An accuracy record as a sweep makes them.
inline Record accuracy_record() {
  Record record;
  record.kind = "accuracy";
  record.target = "stable";
  record.version = "0.1.0";
  record.map = "softmax";
  record.format = "f32";
  record.family = "wide";
  record.n = 1024;
  record.rows = 4;
  record.seed = 1;
  record.max_ulp = -66.25;
  record.max_ulp_case = "softmax:f32:wide:n=1024:seed=1:index=3";
  record.max_ulp_element = 17;
  record.max_ulp_bound = 1100.5;
  record.max_ulp_spread = 119.75;
  record.mean_abs_ulp = 3.125;
  record.correctly_rounded = 0.25;
  record.outcomes = {{"correctly rounded", 1024}, {"faithful", 1000}, {"off", 2072}};
  record.rows_in_domain = 4;
  record.bound_utilisation = 0.75;
  record.utilisation_case = "softmax:f32:wide:n=1024:seed=1:index=2#5";
  record.claim = "n + 2 + t_j + G";
  record.verdict = "new";
  record.build = {"GNU 12.2.0", "-O2 -ffp-contract=off", "2ee4063"};
  record.machine = {"A CPU", "x86-64 avx512f", "glibc 2.36"};
  return record;
}

inline Finding a_finding() {
  Finding finding;
  finding.law = "range";
  finding.map = "softmax";
  finding.format = "f32";
  finding.case_id = "softmax:f32:row=0x1p+0,0x1p+1";
  finding.element = 1;
  finding.got = "0x1.8p+0";
  finding.want = "at most 1";
  finding.ulp = 4194304;
  finding.bound = 2;
  finding.source = "0 <= softmax <= 1";
  finding.replay = "softmax-audit replay softmax:f32:row=0x1p+0,0x1p+1 --target stable";
  return finding;
}

inline Record law_record() {
  Record record = accuracy_record();
  Record law;
  law.kind = "law";
  law.target = record.target;
  law.version = record.version;
  law.map = record.map;
  law.format = record.format;
  law.family = "range";
  law.rows = 200;
  law.seed = 1;
  law.verdict = "new";
  law.build = record.build;
  law.machine = record.machine;
  return law;
}

inline Record speed_record() {
  Record record = law_record();
  record.kind = "speed";
  record.family = "";
  record.seed = 0;
  record.n = 1024;
  record.rows = 64;
  record.cache = "in";
  record.ns_min = 1.25;
  record.ns_median = 1.5;
  record.ns_max = 1.75;
  record.gb_per_s = 5.5;
  record.roofline_fraction = 0.125;
  return record;
}

/// A speed record that says "no difference".
inline Record compared_record() {
  Record record = speed_record();
  record.comparison = TimeComparison{"fast", 0.02, 12, 0.995, 1.004, 1.001, 0.996, 1.006};
  return record;
}

inline Record contract_record() {
  Record record = law_record();
  record.kind = "contract";
  record.family = "";
  record.rows = 1;
  record.seed = 0;
  record.answers = {{"softmax:f32:row=nan,0x0p+0", "nan nan"}, {"softmax:f32:row=-inf,0x1p+0", "0x0p+0 0x1p+0"}};
  return record;
}

/// Every member set.
inline Record full_record() {
  Record record = accuracy_record();
  record.witnesses = {{"spurious nan", "softmax:f32:wide:n=1024:seed=1:index=0#3"}};
  record.row_digests = "aA_-0z--";
  record.fallback_rate = 0.25;
  record.special_rows = 1;
  record.undecided = 2;
  record.proved_by_enumeration = true;
  record.findings = {a_finding(), Finding{}};
  record.absent = "why";
  record.answers = {{"softmax:f32:row=nan", "nan"}};
  record.cache = "out";
  record.ns_min = 0.1;
  record.ns_median = 0.2;
  record.ns_max = 0.3;
  record.gb_per_s = 12.5;
  record.roofline_fraction = 0.625;
  record.comparison = TimeComparison{"another", 0.03, 24, 0.99, 1.01, 1.05, 1.04, 1.06};
  return record;
}

inline Record absent_record() {
  Record record = law_record();
  record.kind = "contract";
  record.target = "onednn";
  record.map = record.format = record.family = "";
  record.rows = record.seed = 0;
  record.absent = "dnnl was not found when the suite was built";
  record.verdict = "absent";
  return record;
}

/// Text that means something to JSON, HTML, Markdown, XML, a shell or a terminal, and a byte that is not UTF-8.
inline constexpr char hostile[] =
    "a\"b'c\\d</script><img src=x onerror=alert(1)><!--|`x`\n\r\t\x01\x1b[2J{{v}}\xff&amp;]]>$(x)";

/// A record whose every text is hostile, of each kind.
inline std::vector<Record> hostile_records() {
  std::vector<Record> records{accuracy_record(), law_record(), speed_record(), absent_record()};
  Finding finding = a_finding();
  for (std::string* text : {&finding.law, &finding.map, &finding.format, &finding.case_id, &finding.got, &finding.want,
                            &finding.source, &finding.replay}) {
    *text = hostile;
  }
  for (Record& record : records) {
    for (std::string* text :
         {&record.target, &record.version, &record.map, &record.format, &record.family, &record.max_ulp_case,
          &record.utilisation_case, &record.claim, &record.verdict, &record.build.compiler, &record.build.flags,
          &record.build.commit, &record.machine.cpu, &record.machine.isa, &record.machine.libm}) {
      *text = hostile;
    }
    record.outcomes[hostile] = 3;
    record.witnesses[hostile] = hostile;
    record.answers[hostile] = hostile;
    record.findings = {finding};
  }
  records.back().absent = hostile;
  return records;
}

/// Two mutants of softmax and one of cross_entropy, two laws of which "order" alone sees "tail", and a tolerance.
inline Eye eye() {
  const std::string row = "softmax:f32:row=0";
  Eye::Judge order{"order", "x < y", {row, "", ""}, {}}, error{"error", "close", {"", row, row}, {}};
  Eye::Judge own_rows{"1e-2", "loose", {"", row, std::nullopt}, {}}, our_rows{"1e-2", "", {row, row, {}}, {"stable"}};
  error.seen[2] = row;
  order.seen[2] = row;
  return {
      {{"tail", "softmax"}, {"shift", "softmax"}, {"loss", "cross_entropy"}}, {order, error}, {{own_rows, our_rows}}};
}

}  // namespace audit::reports
