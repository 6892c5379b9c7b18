#include "reports/junit.hpp"

#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <algorithm>
#include <limits>

#include "reports/gate.hpp"
#include "reports/test_outside.hpp"
#include "reports/test_records.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

struct Case {
  std::string classname, name, failure, skipped, text;
};

struct JunitOfRecords : TestFromOutside {
  /// Well-formed, of the schema, and counted right.
  [[nodiscard]] std::vector<Case> cases(const std::vector<Record>& records) const {
    write("junit.xml", junit(records));
    EXPECT_EQ(against_junit_xsd("junit.xml"), "");
    tinyxml2::XMLDocument document;
    EXPECT_EQ(document.Parse(read("junit.xml").c_str()), tinyxml2::XML_SUCCESS);
    const tinyxml2::XMLElement* suite = document.FirstChildElement("testsuite");
    std::vector<Case> all;
    for (const auto* one = suite->FirstChildElement("testcase"); one != nullptr; one = one->NextSiblingElement()) {
      const auto* failure = one->FirstChildElement("failure");
      const auto* skipped = one->FirstChildElement("skipped");
      all.push_back({one->Attribute("classname"), one->Attribute("name"), failure ? failure->Attribute("message") : "",
                     skipped ? skipped->Attribute("message") : "",
                     failure && failure->GetText() ? failure->GetText() : ""});
    }
    EXPECT_EQ(suite->UnsignedAttribute("tests"), all.size());
    EXPECT_EQ(suite->IntAttribute("failures"),
              std::ranges::count_if(all, [](auto& one) { return !one.failure.empty(); }));
    EXPECT_EQ(suite->IntAttribute("skipped"),
              std::ranges::count_if(all, [](auto& one) { return !one.skipped.empty(); }));
    return all;
  }
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(JunitOfRecords, have_a_case_for_each_target_map_format_and_law) {
  Record other = law_record(), in_f64 = law_record(), of_map = law_record(), of_target = law_record();
  other.family = "order";
  in_f64.format = "f64";
  of_map.map = "log_softmax";
  of_target.target = "online";
  Record longer = accuracy_record();
  longer.n = 2048;
  const auto all = cases({accuracy_record(), longer, law_record(), other, in_f64, of_map, of_target, contract_record(),
                          speed_record(), absent_record()});
  std::vector<std::string> names;
  for (const Case& one : all) names.push_back(one.classname + " " + one.name);
  EXPECT_EQ(names, (std::vector<std::string>{"softmax.f32.stable claim", "softmax.f32.stable range",
                                             "softmax.f32.stable order", "softmax.f64.stable range",
                                             "log_softmax.f32.stable range", "softmax.f32.online range",
                                             "softmax.f32.stable speed", "onednn contract"}));
  for (const Case& one : all) EXPECT_EQ(one.failure, "");
  EXPECT_EQ(all.back().skipped, "absent: dnnl was not found when the suite was built");
}

TEST_F(JunitOfRecords, a_broken_law_says_got_want_bound_source_and_replay) {
  Record record = law_record();
  record.findings = {a_finding()};
  const auto all = cases({record});
  ASSERT_EQ(all.size(), 1U);
  const std::string words = "element 1: got 0x1.8p+0, want at most 1, +4.19e+06 ulp, bound 2 (0 <= softmax <= 1)";
  EXPECT_EQ(all[0].failure, "broke law: " + words);
  EXPECT_EQ(all[0].text, "range: " + words + "\n  " + a_finding().replay);
}

TEST_F(JunitOfRecords, a_broken_claim_is_one_case_with_the_worst_first) {
  Record worse = accuracy_record(), broken = accuracy_record();
  broken.findings = {a_finding()};
  worse.family = "normal";
  worse.findings = {a_finding()};
  worse.findings[0].ulp.reset();
  worse.outcomes["spurious nan"] = 444;
  const auto all = cases({accuracy_record(), broken, worse});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].failure.starts_with("broke claim: normal/1024: element 1: got")) << all[0].failure;
  EXPECT_TRUE(all[0].failure.ends_with(", and 1 more")) << all[0].failure;
  EXPECT_TRUE(contains(all[0].text, "  without a number: 444 spurious nan\n")) << all[0].text;
  EXPECT_TRUE(contains(all[0].text, "\nwide/1024: range: element 1")) << all[0].text;
}

TEST_F(JunitOfRecords, a_failure_without_a_finding_is_not_lost) {
  std::vector<Record> records(6, accuracy_record());
  records[0].bound_utilisation = 2.5;
  records[1].bound_utilisation = std::numeric_limits<double>::infinity();
  records[1].outcomes["flushed"] = 7;
  records[1].witnesses = {{"flushed", "softmax:f32:row=0#3"}};
  records[2].outcomes["crashed"] = 2;
  records[3].undecided = 5;
  records[4].rows = 0;
  records[5] = speed_record();
  records[5].ns_median.reset();
  for (std::size_t i = 0; i < records.size(); ++i) records[i].target = std::to_string(i);
  const auto all = cases(records);
  const std::vector<std::string> want{"an error of 2.5 times its bound",
                                      "7 flushed",
                                      "2 crashed",
                                      "5 elements whose exact rounding stayed open",
                                      "no row was asked",
                                      "a wrong answer, which is not timed"};
  ASSERT_EQ(all.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(contains(all[i].failure, want[i])) << all[i].failure;
  EXPECT_TRUE(contains(all[0].text, "replay softmax:f32:wide:n=1024:seed=1:index=2 --target 0")) << all[0].text;
  EXPECT_TRUE(contains(all[1].text, "replay softmax:f32:row=0 --target 1")) << all[1].text;
}

TEST_F(JunitOfRecords, what_was_not_judged_is_skipped_with_the_reason) {
  std::vector<Record> records(3, accuracy_record());
  for (Record& record : records) record.bound_utilisation.reset();
  records[0].claim = "";
  records[1].format = "f64";
  records[2] = law_record();
  records[2].rows = 0;
  records[2].absent = "it promises no batch";
  const auto all = cases(records);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].skipped, "absent: it claims nothing; its errors are measured and not judged");
  EXPECT_EQ(all[1].skipped, "absent: no row that was asked is in the domain of its claim");
  EXPECT_EQ(all[2].skipped, "absent: it promises no batch");
}

TEST_F(JunitOfRecords, many_findings_are_counted) {
  std::vector<Record> records(30, accuracy_record());
  for (Record& record : records) record.findings = {a_finding()};
  EXPECT_TRUE(cases(records).at(0).text.ends_with("\nand 10 more in records.jsonl"));
}

TEST_F(JunitOfRecords, nothing_checked_is_a_failure) {
  for (const auto& records : {std::vector<Record>{}, {absent_record()}}) {
    const auto all = cases(records);
    ASSERT_FALSE(all.empty());
    EXPECT_EQ(all[0].failure, "vacuous: nothing was checked");
  }
}

TEST_F(JunitOfRecords, hostile_text_does_no_harm) {
  const auto all = cases(hostile_records());
  ASSERT_EQ(all.size(), 4U);
  for (const Case& one : all) EXPECT_TRUE(contains(one.classname, one_line(hostile))) << one.classname;
  EXPECT_TRUE(contains(all[1].text, one_line(hostile))) << all[1].text;
  const std::string xml = read("junit.xml");
  EXPECT_EQ(xml, utf8(xml));
  EXPECT_EQ(xml.find("<img"), std::string::npos);
  for (const char c : xml) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << int{c};
}

TEST_F(JunitOfRecords, the_gates_file_is_of_the_same_schema) {
  Record worse = accuracy_record();
  worse.max_ulp = -67.25;
  write("gate.xml", junit(gate(baseline_of({accuracy_record(), law_record()}), {worse})));
  EXPECT_EQ(against_junit_xsd("gate.xml"), "");
}

}  // namespace
}  // namespace audit::reports
