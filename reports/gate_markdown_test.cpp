#include <gtest/gtest.h>

#include <algorithm>

#include "reports/gate.hpp"
#include "reports/test_records.hpp"
#include "reports/test_run.hpp"

namespace audit::reports {
namespace {

std::ptrdiff_t lines(const std::string& text) { return std::ranges::count(text, '\n'); }

TEST(GateMarkdown, says_what_regressed_first_with_both_witnesses_and_its_replay) {
  std::vector<Record> worse{accuracy_record(), accuracy_record(), law_record()};
  worse[1].family = "normal";
  const Baseline before = baseline_of(worse);
  worse[0].max_ulp = -67.25;
  worse[1].max_ulp = 1;
  worse[2].findings = {a_finding()};
  const GateResult result = gate(before, worse);
  const std::string text = gate_markdown(result, worse, acceptance(result, "base", "now"));
  EXPECT_EQ(text.rfind("# softmax-audit gate: red, broke law\n\n1 broke law, 1 regressed, 1 improved.\n", 0), 0u)
      << text;
  const auto regressed = text.find(
                 "- **regressed** stable softmax f32 wide n=1024: -67.25 ulp at "
                 "softmax:f32:wide:n=1024:seed=1:index=3\\#17, was -66.25 ulp at "),
             broke = text.find("- **broke law**"), improved = text.find("- **improved**"),
             accept = text.find("`softmax-audit gate --update --because 'WHY' --baseline base --candidate now`"),
             run = text.find("\n## softmax-audit: broke law");
  for (const auto at : {regressed, broke, improved, accept, run}) ASSERT_NE(at, std::string::npos) << text;
  EXPECT_TRUE(regressed < broke && broke < improved && improved < accept && accept < run) << text;
  EXPECT_NE(text.find("`softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=3 --target stable`"),
            std::string::npos);
}

TEST(GateMarkdown, has_at_most_60_lines_whatever_changed) {
  std::vector<Record> worse = drawn_run(40, 12);
  const Baseline before = baseline_of(worse);
  for (Record& record : worse) {
    if (record.max_ulp) *record.max_ulp *= 2;
    if (record.kind == "law") record.findings = {a_finding()};
  }
  const std::string text = gate_markdown(gate(before, worse), worse, "accept");
  EXPECT_LE(lines(text), 60);
  EXPECT_GT(lines(text), 50);
  EXPECT_NE(text.find(" more\n"), std::string::npos);
}

TEST(GateMarkdown, green_says_so_and_hostile_text_does_no_harm) {
  const std::vector<Record> same{accuracy_record()};
  const std::string green = gate_markdown(gate(baseline_of(same), same), same, "");
  EXPECT_EQ(green.rfind("# softmax-audit gate: green, unchanged\n\n1 unchanged.\n\n## softmax-audit: all holds\n", 0),
            0u)
      << green;
  const auto records = hostile_records();
  const std::string text = gate_markdown(gate(baseline_of(same), records), records, "");
  EXPECT_EQ(text.find("\n<"), std::string::npos);
  for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << int{c};
}

TEST(Acceptance, asks_for_a_reason_only_where_something_is_worse) {
  std::vector<Record> now{accuracy_record()};
  const Baseline before = baseline_of(now);
  EXPECT_EQ(acceptance(gate(before, now), "base", "now"), "");
  now[0].max_ulp = 1;
  EXPECT_EQ(acceptance(gate(before, now), "base", "it's"),
            R"(softmax-audit gate --update --baseline base --candidate 'it'\''s')");
  now[0].rows = 9;
  EXPECT_NE(acceptance(gate(before, now), "base", "now").find("--because 'WHY'"), std::string::npos);
  now[0].machine.libm = "another";
  EXPECT_EQ(acceptance(gate(before, now), "base", "now"), "") << "another platform has nothing to accept";
}

}  // namespace
}  // namespace audit::reports
