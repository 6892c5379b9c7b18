// What run, check and report write into a directory, by what reads it elsewhere: schemas, and each file by the others.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "commands/common.hpp"
#include "commands/program.hpp"

namespace audit::commands {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 6> files{"records.jsonl", "records.csv", "index.html",
                                           "report.md",     "junit.xml",   "findings.sarif"};

class Reports : public Program {
 protected:
  /// That every file of a directory is there and is what its format says.
  void expect_valid(const std::string& name) const {
    const auto in = [&](const char* file) { return name + '/' + file; };
    for (const char* file : files) EXPECT_FALSE(read(in(file)).empty()) << file;
    EXPECT_EQ(against_schema("schemas/record.schema.json", in("records.jsonl")), "");
    EXPECT_EQ(against_schema("testing/sarif-schema-2.1.0.json", in("findings.sarif")), "");
    EXPECT_EQ(against_schema("testing/github-sarif.schema.json", in("findings.sarif")), "");
    EXPECT_EQ(against_junit_xsd(in("junit.xml")), "");
    EXPECT_LE(lines(in("report.md")), 60);
    EXPECT_EQ(json::parse(csv_rows(in("records.csv"))).size(), lines(in("records.jsonl")) + 1);
  }
  [[nodiscard]] std::ptrdiff_t lines(const std::string& name) const { return std::ranges::count(read(name), '\n'); }
};

TEST_F(Reports, OfARunAreWhatTheirFormatsSay) {
  const auto ended = run("run --target stable --target naive --filter ':f32:(wide:n=(3|129)$|range|speed)' --out made");
  EXPECT_EQ(ended.status, 0) << ended.err;
  expect_valid("made");
  EXPECT_NE(read("made/junit.xml").find("<testcase classname=\"softmax.f32.stable\" name=\"range\"/>"),
            std::string::npos);
  EXPECT_NE(read("made/records.jsonl").find("\"answers\""), std::string::npos);

  ASSERT_EQ(run("gate --update --baseline baseline.jsonl --candidate made").status, 0);
  EXPECT_EQ(against_schema("schemas/baseline.schema.json", "baseline.jsonl"), "");
}

TEST_F(Reports, OfACheckSayWhatItFound) {
  const std::string mutant = MUTANT_OBJECTS "/all_zeros.so";
  const auto ended = run(fmt::format("check '{}' --format f32 --json found.jsonl --out made", mutant));
  EXPECT_EQ(ended.status, 1) << ended.err;
  EXPECT_NE(ended.out.find("\npage: "), std::string::npos) << ended.out;
  expect_valid("made");
  EXPECT_EQ(against_schema("schemas/checked.schema.json", "found.jsonl"), "");

  const json sarif = json::parse(read("made/findings.sarif"))["runs"][0];
  const std::string report = read("made/report.md"), junit = read("made/junit.xml");
  std::set<std::string> laws;
  for (const json& rule : sarif["tool"]["driver"]["rules"]) {
    laws.insert(rule["id"]);
    EXPECT_NE(rule["id"], rule["fullDescription"]["text"]) << "its statement is known";
    EXPECT_NE(report.find(fmt::format("f32: {}", rule["id"].get<std::string>())), std::string::npos) << rule["id"];
    EXPECT_NE(junit.find(fmt::format("{}: ", rule["id"].get<std::string>())), std::string::npos) << rule["id"];
  }
  EXPECT_TRUE(laws.contains("normalization"));
  const json found = json::parse(read("found.jsonl"));
  for (const json& finding : found["findings"]) EXPECT_TRUE(laws.contains(finding["law"])) << finding;
  for (const json& result : sarif["results"]) {
    const std::string uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    EXPECT_TRUE(uri.starts_with("file:///") && uri.ends_with("/all_zeros.so")) << uri;
  }
}

TEST_F(Reports, OfTheSameRecordsAreTheSame) {
  ASSERT_EQ(run("check stable --format f16 --out made").status, 0);
  std::vector<std::string> before;
  for (const char* file : files) before.push_back(read(std::string("made/") + file));
  ASSERT_EQ(run("report made").status, 0);
  for (std::size_t i = 0; i < files.size(); ++i)
    EXPECT_EQ(read(std::string("made/") + files[i]), before[i]) << files[i];
}

TEST_F(Reports, AreNotWrittenUnasked) {
  ASSERT_EQ(run("check stable --format f16").status, 0);
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    found.push_back(entry.path().filename().string());
  std::ranges::sort(found);
  EXPECT_EQ(found, (std::vector<std::string>{"err.txt", "out.txt"}));
}

TEST_F(Reports, ThatCannotBeWrittenAreRefusedBeforeAnythingIsAsked) {
  write("taken", "");
  const auto ended = run("check stable --out taken/made");
  EXPECT_EQ(ended.status, 2);
  EXPECT_TRUE(ended.err.starts_with("softmax-audit: --out taken/made: cannot be written")) << ended.err;
  EXPECT_EQ(ended.out, "");
}

TEST(Files, ofTheCatalogueAreThere) {
  for (const auto& target : impls::catalogue())
    EXPECT_TRUE(std::filesystem::exists(SOURCES "/" + file_of(target.name))) << target.name;
  EXPECT_EQ(file_of("stable_fastmath"), "impls/softmax/stable.cpp");
  EXPECT_EQ(file_of("nobody"), "");
}

TEST(Files, ofForeignTargetsAreInTheirNames) {
  EXPECT_EQ(file_of("./mine.so"), "./mine.so");
  EXPECT_EQ(file_of("lib/mine.so:softmax"), "lib/mine.so");
  EXPECT_EQ(file_of("mine.so:void f(const f32 *x, f32 *y, size_t n)"), "mine.so");
  EXPECT_EQ(file_of("python:dir/mine.py:softmax"), "dir/mine.py");
  EXPECT_EQ(file_of("python:scipy.special:softmax"), "scipy/special");
  EXPECT_EQ(file_of("python:mine.py"), "mine.py");
}

TEST(Rules, sayWhatEveryLawStates) {
  for (const reports::Rule& rule : rules()) EXPECT_FALSE(rule.statement.empty() || rule.source.empty()) << rule.name;
}

}  // namespace
}  // namespace audit::commands
