#include "reports/gate.hpp"

#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <algorithm>
#include <cmath>

#include "reports/test_files.hpp"
#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

std::vector<Record> run() {
  Record other = accuracy_record();
  other.family = "deep_tail";
  other.outcomes["flushed"] = 12;
  other.witnesses["flushed"] = "softmax:f32:deep_tail:n=1024:seed=1:index=0#7";
  return {accuracy_record(), other, law_record(), speed_record(), absent_record()};
}

/// The only key with this verdict.
const Judged& only(const GateResult& result, Verdict verdict) {
  const Judged* found = nullptr;
  for (const Judged& judged : result.keys) {
    if (judged.verdict != verdict) continue;
    EXPECT_EQ(found, nullptr) << "more than one " << label(verdict);
    found = &judged;
  }
  if (found == nullptr) throw std::runtime_error("no key is " + std::string(label(verdict)));
  return *found;
}

TEST(Gate, same_records_are_green) {
  const GateResult result = gate(baseline_of(run()), run());
  EXPECT_EQ(result.verdict, Verdict::unchanged);
  EXPECT_EQ(result.note, "");
  EXPECT_EQ(terminal_gate(result).rfind("green: unchanged (1 absent, 3 unchanged)\n", 0), 0u) << terminal_gate(result);
}

TEST(Gate, one_ulp_worse_on_one_row_is_red_and_names_the_row) {
  std::vector<Record> worse = run();
  worse[0].max_ulp = -67.25;
  worse[0].max_ulp_case = "softmax:f32:wide:n=1024:seed=1:index=2";
  worse[0].max_ulp_element = 9;
  const GateResult result = gate(baseline_of(run()), worse);
  EXPECT_EQ(result.verdict, Verdict::regressed);
  const Judged& judged = only(result, Verdict::regressed);
  EXPECT_EQ(judged.detail,
            "-67.25 ulp at softmax:f32:wide:n=1024:seed=1:index=2#9, was -66.25 ulp at "
            "softmax:f32:wide:n=1024:seed=1:index=3#17");
  EXPECT_EQ(judged.replay, "softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=2 --target stable");
  EXPECT_NE(terminal_gate(result).find(judged.replay), std::string::npos);
}

TEST(Gate, slower_than_another_in_the_same_run_is_red) {
  std::vector<Record> compared = run();
  compared.push_back(compared_record());
  EXPECT_EQ(gate(baseline_of(run()), compared).verdict, Verdict::unchanged);
  compared.back().comparison->ratio = 1.05;
  compared.back().comparison->ratio_low = 1.04;
  compared.back().comparison->ratio_high = 1.0625;
  const GateResult result = gate(baseline_of(run()), compared);
  EXPECT_EQ(result.verdict, Verdict::regressed);
  EXPECT_EQ(only(result, Verdict::regressed).detail,
            "slower than fast: 1.0500 times its time, 95 % interval 1.0400 to 1.0625, threshold 1.0200");
  EXPECT_EQ(only(result, Verdict::regressed).replay, "");
}

TEST(Gate, smallest_possible_step_is_seen) {
  std::vector<Record> worse = run();
  worse[0].max_ulp = std::nextafter(-66.25, -100);
  EXPECT_EQ(gate(baseline_of(run()), worse).verdict, Verdict::regressed);
  EXPECT_EQ(gate(baseline_of(worse), run()).verdict, Verdict::improved);
}

TEST(Gate, element_that_lost_its_number_is_red_with_its_witness) {
  std::vector<Record> worse = run();
  worse[1].outcomes["flushed"] = 13;
  worse[1].witnesses["flushed"] = "softmax:f32:deep_tail:n=1024:seed=1:index=1#8";
  const GateResult result = gate(baseline_of(run()), worse);
  EXPECT_EQ(only(result, Verdict::regressed).detail,
            "13 flushed (was 12), as at softmax:f32:deep_tail:n=1024:seed=1:index=1#8");
  EXPECT_EQ(only(result, Verdict::regressed).replay,
            "softmax-audit replay softmax:f32:deep_tail:n=1024:seed=1:index=1 --target stable");
}

TEST(Gate, one_ulp_worse_on_a_row_that_is_not_the_worst_is_red) {
  std::vector<Record> worse = run();
  *worse[0].mean_abs_ulp += 1.0 / 4096;
  const GateResult result = gate(baseline_of(run()), worse);
  EXPECT_EQ(only(result, Verdict::regressed).detail,
            "3.125244140625 ulp on average, was 3.125; at most -66.25 ulp at "
            "softmax:f32:wide:n=1024:seed=1:index=3#17, as before");
  EXPECT_EQ(only(result, Verdict::regressed).now->family, "wide");
}

TEST(Gate, the_row_that_an_average_is_worse_by_is_named) {
  std::vector<Record> before = run(), worse = run();
  before[0].row_digests = "aA_-0zQq";
  *worse[0].mean_abs_ulp += 1.0 / 4096;
  worse[0].row_digests = "aA_-0yQq";
  const Judged one = only(gate(baseline_of(before), worse), Verdict::regressed);
  EXPECT_TRUE(one.detail.ends_with("as before; 1 of 4 rows answered otherwise, softmax:f32:wide:n=1024:seed=1:index=2"))
      << one.detail;
  EXPECT_EQ(one.replay, "softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=2 --target stable");
  worse[0].row_digests = "aA00000q";
  const Judged several = only(gate(baseline_of(before), worse), Verdict::regressed);
  EXPECT_TRUE(
      several.detail.ends_with("3 of 4 rows answered otherwise, the first softmax:f32:wide:n=1024:seed=1:index=1"))
      << several.detail;
  worse[0].row_digests = "aA";
  EXPECT_TRUE(only(gate(baseline_of(before), worse), Verdict::regressed).detail.ends_with("as before"));
}

TEST(Gate, missing_keys_are_absent_and_added_ones_new) {
  std::vector<Record> fewer = run();
  fewer.erase(fewer.begin());
  const GateResult less = gate(baseline_of(run()), fewer);
  EXPECT_EQ(less.verdict, Verdict::unchanged);
  EXPECT_NE(terminal_gate(less).find("absent      stable softmax f32 wide n=1024: in the baseline, not in"),
            std::string::npos)
      << terminal_gate(less);
  const GateResult more = gate(baseline_of(fewer), run());
  EXPECT_EQ(only(more, Verdict::fresh).now->family, "wide");
  EXPECT_FALSE(fails(more.verdict));
}

TEST(Gate, nothing_checked_or_nothing_in_common_is_vacuous_and_red) {
  const Baseline baseline = baseline_of(run());
  EXPECT_EQ(gate(baseline, {}).verdict, Verdict::vacuous);
  EXPECT_EQ(gate(baseline, {absent_record()}).verdict, Verdict::vacuous);
  std::vector<Record> other = run();
  for (Record& record : other) record.target = "another";
  EXPECT_EQ(gate(baseline, other).verdict, Verdict::vacuous);
  std::vector<Record> reseeded = run();
  for (Record& record : reseeded) record.seed = 7;
  const GateResult result = gate(baseline, reseeded);
  EXPECT_EQ(result.verdict, Verdict::vacuous);
  EXPECT_NE(terminal_gate(result).find("asked other rows than the baseline"), std::string::npos);
}

TEST(Gate, the_same_key_twice_is_compared_twice) {
  std::vector<Record> twice = run();
  twice.push_back(twice[0]);
  twice.back().max_ulp = -70;
  EXPECT_EQ(gate(baseline_of(run()), twice).verdict, Verdict::regressed);
  EXPECT_THROW(baseline_of(twice), std::runtime_error);
}

TEST(Gate, laws_claims_and_wrong_timed_answers_are_red_whatever_the_baseline) {
  std::vector<Record> bad = run();
  bad[2].findings = {a_finding()};
  const GateResult law = gate(baseline_of(bad), bad);
  EXPECT_EQ(law.verdict, Verdict::broke_law);
  EXPECT_NE(only(law, Verdict::broke_law).detail.find("range, element 1: got 0x1.8p+0, want at most 1"),
            std::string::npos);
  bad = run();
  bad[3].ns_median.reset();
  EXPECT_EQ(gate(baseline_of(run()), bad).verdict, Verdict::broke_claim);
}

TEST(Gate, another_platform_is_held_to_claims_and_laws_only) {
  std::vector<Record> elsewhere = run();
  for (Record& record : elsewhere) {
    record.machine.isa = "x86-64 avx2";
    if (record.max_ulp) record.max_ulp = -500;
  }
  GateResult result = gate(baseline_of(run()), elsewhere);
  EXPECT_FALSE(fails(result.verdict));
  EXPECT_EQ(result.note,
            "the baseline is of another platform (x86-64 avx512f, GNU 12, glibc 2.36; this is x86-64 avx2, GNU 12, "
            "glibc 2.36): claims and laws only");
  elsewhere[0].bound_utilisation = 2;
  EXPECT_EQ(gate(baseline_of(run()), elsewhere).verdict, Verdict::broke_claim);
}

TEST(Gate, platform_is_architecture_compiler_major_libm_and_isa) {
  Record record = accuracy_record();
  EXPECT_EQ(platform(record), (Platform{"x86-64", "GNU 12", "glibc 2.36", "x86-64 avx512f"}));
  record.build.compiler = "GNU 12.3.1";
  EXPECT_EQ(platform(record), platform(accuracy_record()));
  record.build.compiler = "GNU 13.1";
  EXPECT_NE(platform(record), platform(accuracy_record()));
}

struct BaselineFile : TestWithFiles {
  std::string file = (directory / "baseline.jsonl").string();
  [[nodiscard]] std::string text() const { return read("baseline.jsonl"); }
};

TEST_F(BaselineFile, comes_back_and_does_not_depend_on_the_order_of_records) {
  std::vector<Record> records = run();
  write_baseline(file, baseline_of(records));
  const std::string once = text();
  EXPECT_EQ(read_baseline(file).entries, baseline_of(records).entries);
  EXPECT_EQ(read_baseline(file).platform, platform(records[0]));
  std::reverse(records.begin(), records.end());
  write_baseline(file, baseline_of(records));
  EXPECT_EQ(text(), once);
  EXPECT_EQ(std::ranges::count(once, '\n'), 4);
}

TEST_F(BaselineFile, broken_ones_give_one_clear_line) {
  write_baseline(file, baseline_of(run()));
  const std::string good = text();
  const std::string first = good.substr(0, good.find('\n') + 1);
  const std::string last = good.substr(good.rfind('\n', good.size() - 2) + 1);
  const struct {
    std::string text, says;
  } bad[]{{"", ":1: no baseline in this file"},
          {good.substr(0, good.size() - 9), ":4: the line is cut off"},
          {to_line(accuracy_record()), ":1: \"architecture\" is missing"},
          {std::string("\x7f"
                       "ELF\0\0\n",
                       7),
           ":1: not a line of JSON (byte 1)"},
          {"{\"schema\":2" + good.substr(good.find(',')), ":1: of schema 2, this program reads 1"},
          {first + "{\"schema\":1}\n", ":2: \"kind\" is missing"},
          {good + last, ":5: out of order, or there twice"},
          {first + last + good.substr(first.size()), ":3: out of order, or there twice"}};
  for (const auto& [text, says] : bad) {
    write("baseline.jsonl", text);
    try {
      read_baseline(file);
      ADD_FAILURE() << says;
    } catch (const BadRecords& complaint) {
      EXPECT_EQ(std::string(complaint.what()).rfind(file + says + "; restore it", 0), 0u) << complaint.what();
    }
  }
}

TEST(Junit, is_well_formed_and_counts_what_failed) {
  std::vector<Record> worse = run();
  worse[0].max_ulp = -67.25;
  tinyxml2::XMLDocument document;
  ASSERT_EQ(document.Parse(junit(gate(baseline_of(run()), worse)).c_str()), tinyxml2::XML_SUCCESS);
  const tinyxml2::XMLElement* suite = document.FirstChildElement("testsuite");
  EXPECT_EQ(suite->IntAttribute("tests"), 4);
  EXPECT_EQ(suite->IntAttribute("failures"), 1);
  EXPECT_EQ(suite->IntAttribute("skipped"), 1);
  int failures = 0;
  for (const auto* one = suite->FirstChildElement("testcase"); one != nullptr; one = one->NextSiblingElement()) {
    const auto* failure = one->FirstChildElement("failure");
    if (failure == nullptr) continue;
    ++failures;
    EXPECT_STREQ(one->Attribute("name"), "stable softmax f32 wide n=1024");
    EXPECT_NE(std::string(failure->Attribute("message")).find("regressed: -67.25 ulp"), std::string::npos);
  }
  EXPECT_EQ(failures, 1);
}

TEST(Junit, red_run_without_a_red_key_has_a_red_case) {
  tinyxml2::XMLDocument document;
  ASSERT_EQ(document.Parse(junit(gate(baseline_of(run()), {})).c_str()), tinyxml2::XML_SUCCESS);
  EXPECT_EQ(document.FirstChildElement("testsuite")->IntAttribute("failures"), 1);
}

TEST(Junit, hostile_text_does_no_harm) {
  const std::string xml = junit(gate(baseline_of(run()), hostile_records()));
  tinyxml2::XMLDocument document;
  ASSERT_EQ(document.Parse(xml.c_str()), tinyxml2::XML_SUCCESS);
  for (const char c : xml) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << int{c};
  EXPECT_EQ(xml.find("&#x1"), std::string::npos);
  EXPECT_EQ(xml.find('\xff'), std::string::npos);
  EXPECT_EQ(xml.find("<img"), std::string::npos);
}

}  // namespace
}  // namespace audit::reports
