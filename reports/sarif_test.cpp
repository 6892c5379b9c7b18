#include "reports/sarif.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <limits>

#include "reports/json.hpp"
#include "reports/test_outside.hpp"
#include "reports/test_records.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

using json::Json;

const std::vector<Rule> rules{{"range", "0 <= softmax <= 1", "its definition"}};

std::vector<Record> broken_law() {
  std::vector<Record> records{accuracy_record(), law_record(), absent_record()};
  records[1].findings = {a_finding(), a_finding()};
  records[1].findings[1].ulp = 1e9;
  return records;
}

struct Sarif : TestFromOutside {
  /// The one run, of OASIS's schema and of what GitHub asks for.
  [[nodiscard]] Json run(
      const std::vector<Record>& records, const FileOf& file_of = [](auto&) { return "a.so"; }) const {
    write("findings.sarif", sarif(records, rules, file_of));
    EXPECT_EQ(against_schema("testing/sarif-schema-2.1.0.json", "findings.sarif"), "");
    EXPECT_EQ(against_schema("testing/github-sarif.schema.json", "findings.sarif"), "");
    return Json::parse(read("findings.sarif"))["runs"].at(0);
  }
  [[nodiscard]] std::string uri(const std::string& file) const {
    return run(broken_law(), [&](auto&) {
      return file;
    })["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
  }
  [[nodiscard]] std::string fingerprint(const std::vector<Record>& records) const {
    return run(records)["results"].at(0)["partialFingerprints"]["primaryLocationLineHash"];
  }
};

TEST_F(Sarif, of_a_run_that_holds_has_no_result) {
  const Json made = run({accuracy_record(), law_record(), speed_record(), contract_record(), absent_record()});
  EXPECT_TRUE(made["results"].empty());
  EXPECT_TRUE(made["tool"]["driver"]["rules"].empty());
  EXPECT_EQ(made["tool"]["driver"]["version"], accuracy_record().build.commit);
  EXPECT_FALSE(run({})["tool"]["driver"].contains("version"));
}

TEST_F(Sarif, has_the_worst_finding_of_a_law_and_all_about_it) {
  const Json made = run(broken_law());
  ASSERT_EQ(made["results"].size(), 1U);
  const Json result = made["results"][0];
  EXPECT_EQ(result["ruleId"], "range");
  EXPECT_EQ(result["level"], "error");
  EXPECT_EQ(result["occurrenceCount"], 2);
  EXPECT_EQ(
      result["message"]["text"],
      "stable (softmax, f32): range: element 1: got 0x1.8p+0, want at most 1, +1.00e+09 ulp, bound 2 (0 <= softmax "
      "<= 1). Replay: " +
          a_finding().replay);
  const Json finding = Json::parse(to_json(broken_law()[1].findings[1]));
  for (const auto& [key, value] : finding.items()) EXPECT_EQ(result["properties"][key], value) << key;
  EXPECT_EQ(result["properties"]["verdict"], "broke law");
  EXPECT_EQ(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "stable softmax f32");
  const Json rule = made["tool"]["driver"]["rules"].at(0);
  EXPECT_EQ(rule["id"], "range");
  EXPECT_EQ(rule["fullDescription"]["text"], "0 <= softmax <= 1");
  EXPECT_NE(rule["help"]["text"].get<std::string>().find("Source: its definition."), std::string::npos);
}

TEST_F(Sarif, has_a_rule_for_each_law_and_results_point_to_theirs) {
  std::vector<Record> records = broken_law();
  records[0].findings = {a_finding(), a_finding(), a_finding()};
  records[0].findings[1].law = "error within claim";
  records.push_back(records[0]);
  const Json made = run(records);
  ASSERT_EQ(made["results"].size(), 5U) << "one for each record and law";
  const Json named = made["tool"]["driver"]["rules"];
  EXPECT_EQ(named.size(), 2U);
  for (const Json& result : made["results"])
    EXPECT_EQ(named.at(result["ruleIndex"].get<std::size_t>())["id"], result["ruleId"]);
}

TEST_F(Sarif, keeps_failures_without_a_finding) {
  std::vector<Record> records(2, accuracy_record());
  records[0].bound_utilisation = 2.5;
  records[0].utilisation_case = records[0].max_ulp_case + "#17";
  records[1].bound_utilisation = std::numeric_limits<double>::infinity();
  records[1].outcomes["spurious nan"] = 444;
  records[1].witnesses = {{"spurious nan", "softmax:f32:row=0#3"}};
  const Json results = run(records)["results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["ruleId"], "error within claim");
  EXPECT_EQ(results[0]["properties"]["got"], "an error of 2.5 times its bound");
  EXPECT_EQ(results[0]["properties"]["ulp"], -66.25);
  EXPECT_EQ(results[0]["properties"]["bound"], 1100.5);
  EXPECT_EQ(results[1]["properties"]["got"], "444 spurious nan");
  EXPECT_EQ(results[1]["properties"]["without_a_number"], "444 spurious nan");
  EXPECT_EQ(results[1]["properties"]["case"], "softmax:f32:row=0");
  EXPECT_EQ(results[1]["properties"]["element"], 3);
  EXPECT_EQ(results[1]["properties"]["replay"], "softmax-audit replay softmax:f32:row=0 --target stable");
}

TEST_F(Sarif, fingerprints_stay_and_are_of_one_result_each) {
  std::vector<Record> other = broken_law();
  other[1].findings.erase(other[1].findings.begin());
  other[1].findings[0].case_id = "softmax:f32:row=0";
  other[1].build.commit = "another";
  other[1].rows = 7;
  const std::string known = fingerprint(broken_law());
  EXPECT_EQ(known, fingerprint(other));
  EXPECT_EQ(known, "ddaaa2c3-6825-5560-8b9b-4031b9b07c9e") << "it is the same on every machine, for ever";
  for (std::string Record::* part : {&Record::target, &Record::map, &Record::format, &Record::family}) {
    std::vector<Record> changed = broken_law();
    changed[1].*part += "2";
    EXPECT_NE(known, fingerprint(changed));
  }
  other[1].n = 2;
  EXPECT_NE(known, fingerprint(other));
}

TEST_F(Sarif, paths_are_relative_references_where_they_can_be) {
  EXPECT_EQ(uri("./mine.so"), "mine.so");
  EXPECT_EQ(uri((std::filesystem::current_path() / "a b" / "mine.so").string()), "a%20b/mine.so");
  EXPECT_EQ(uri("/nowhere/c:d.py"), "file:///nowhere/c%3Ad.py");
  EXPECT_EQ(uri(""), "stable") << "a target without a file";
}

TEST_F(Sarif, names_are_no_placeholders_and_no_links) {
  std::vector<Record> records = broken_law();
  records[1].target = "{0} [x](http://y)";
  EXPECT_TRUE(run(records)["results"][0]["message"]["text"].get<std::string>().starts_with("{{0}} \\[x\\](http://y) "));
}

TEST_F(Sarif, hostile_text_does_no_harm) {
  const Json made = run(hostile_records(), [](const std::string& target) { return target; });
  EXPECT_EQ(made["results"].size(), 2U) << "neither the absent nor the timed one fails";
  const std::string text = read("findings.sarif");
  EXPECT_EQ(text, utf8(text));
  for (const Json& result : made["results"]) {
    EXPECT_EQ(result["properties"]["got"], utf8(hostile));
    const std::string where = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    EXPECT_EQ(where.find_first_of("<>\"'`\\{}|$ \n"), std::string::npos) << where;
  }
}

}  // namespace
}  // namespace audit::reports
