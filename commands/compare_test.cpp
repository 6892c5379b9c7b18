// gate, merge and report from outside, on records that are written here: nothing is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "commands/program.hpp"
#include "reports/gate.hpp"
#include "reports/test_records.hpp"

namespace audit::commands {
namespace {

namespace fs = std::filesystem;
using reports::Record;

class FromRecords : public Program {
 protected:
  void put(const std::string& name, const std::vector<Record>& records) const {
    fs::create_directories(directory / name);
    reports::write_records((directory / name / "records.jsonl").string(), records);
  }
  static std::vector<Record> records() { return {reports::accuracy_record(), reports::law_record()}; }
  static std::vector<Record> one_ulp_worse() {
    std::vector<Record> worse = records();
    *worse[0].max_ulp -= 1;
    worse[0].max_ulp_case = "softmax:f32:wide:n=1024:seed=1:index=2";
    return worse;
  }
  void SetUp() override {
    Program::SetUp();
    put("now", records());
    put("worse", one_ulp_worse());
    ASSERT_EQ(run("gate --update --baseline base.jsonl --candidate now").status, 0);
  }
  void expect_refused(const std::string& arguments, const std::string& says) const {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << arguments << ended.err;
    EXPECT_EQ(ended.out, "") << arguments;
    EXPECT_EQ(ended.err.rfind("softmax-audit: " + says, 0), 0u) << arguments << "\n" << ended.err;
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
  }
};

TEST_F(FromRecords, GateIsGreenOnTheSameRecordsAndRedOnOneUlp) {
  const auto green = run("gate --baseline base.jsonl --candidate now --markdown green.md");
  EXPECT_EQ(green.status, 0);
  EXPECT_EQ(green.out, "green: unchanged (2 unchanged)\n");
  EXPECT_EQ(read("green.md").rfind("# softmax-audit gate: green, unchanged\n", 0), 0u);

  const auto red = run("gate --baseline base.jsonl --candidate worse --markdown red.md");
  EXPECT_EQ(red.status, 1);
  EXPECT_EQ(red.out,
            "red: regressed (1 regressed, 1 unchanged)\n"
            "regressed   stable softmax f32 wide n=1024: -67.25 ulp at softmax:f32:wide:n=1024:seed=1:index=2#17, was "
            "-66.25 ulp at softmax:f32:wide:n=1024:seed=1:index=3#17\n"
            "            softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=2 --target stable\n"
            "to make this the baseline: softmax-audit gate --update --because 'WHY' --baseline base.jsonl --candidate "
            "worse\n");
  EXPECT_NE(read("red.md").find("- **regressed** stable softmax f32 wide n=1024"), std::string::npos);
}

TEST_F(FromRecords, ADirectoryOfBaselinesHasAFileForEachPlatform) {
  fs::create_directory(directory / "bases");
  expect_refused("gate --baseline bases --candidate now", "bases: no baseline in it; gate --update makes one");
  ASSERT_EQ(run("gate --update --baseline bases --candidate now").status, 0);
  EXPECT_TRUE(fs::exists(directory / "bases/x86-64-avx512f-GNU-12-glibc-2.36.jsonl"));
  EXPECT_EQ(run("gate --baseline bases --candidate worse").status, 1);

  std::vector<Record> elsewhere = one_ulp_worse();
  for (Record& record : elsewhere) record.machine.isa = "x86-64 avx2";
  put("elsewhere", elsewhere);
  const auto claims = run("gate --baseline bases --candidate elsewhere");
  EXPECT_EQ(claims.status, 0);
  EXPECT_NE(claims.out.find("the baseline is of another platform (x86-64 avx512f, GNU 12, glibc 2.36; this is x86-64 "
                            "avx2, GNU 12, glibc 2.36): claims and laws only"),
            std::string::npos)
      << claims.out;
  ASSERT_EQ(run("gate --update --baseline bases --candidate elsewhere").status, 0);
  EXPECT_EQ(run("gate --baseline bases --candidate elsewhere").out, "green: unchanged (2 unchanged)\n");
  EXPECT_EQ(run("gate --baseline bases --candidate now").out, "green: unchanged (2 unchanged)\n");
}

TEST_F(FromRecords, GateIsVacuousAndRedOnARunThatCheckedNothing) {
  std::vector<Record> none = records();
  for (Record& record : none) record.rows = 0;
  put("none", none);
  const auto red = run("gate --baseline base.jsonl --candidate none");
  EXPECT_EQ(red.status, 1);
  EXPECT_EQ(red.out.rfind("red: vacuous", 0), 0u) << red.out;
}

TEST_F(FromRecords, LooseningNeedsAReasonAndIsWrittenWithIt) {
  const std::string before = read("base.jsonl");
  const auto refused = run("gate --update --baseline base.jsonl --candidate worse");
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err.rfind("softmax-audit: base.jsonl: nothing written; --because 'WHY' accepts what got worse: "
                              "stable softmax f32 wide n=1024: -67.25 ulp at ",
                              0),
            0u)
      << refused.err;
  EXPECT_EQ(read("base.jsonl"), before);

  const auto accepted = run("gate --update --because 'one pass fewer' --baseline base.jsonl --candidate worse");
  EXPECT_EQ(accepted.status, 0) << accepted.err;
  EXPECT_EQ(accepted.out,
            "base.jsonl: improved 0, loosened 1, new 0, kept unasked 0\ngreen: unchanged (2 unchanged)\n");
  EXPECT_NE(read("base.jsonl")
                .find("\"was\":\"-66.25 ulp at softmax:f32:wide:n=1024:seed=1:index=3#17; 3.125 ulp on "
                      "average\",\"because\":\"one pass fewer\"}"),
            std::string::npos)
      << read("base.jsonl");

  EXPECT_EQ(run("gate --update --baseline base.jsonl --candidate now").status, 0) << "an improvement needs none";
  EXPECT_EQ(read("base.jsonl").find("because"), std::string::npos);
}

TEST_F(FromRecords, UpdateLeavesFindingsRed) {
  std::vector<Record> broken = records();
  broken[1].findings = {reports::a_finding()};
  put("broken", broken);
  const auto ended = run("gate --update --baseline base.jsonl --candidate broken");
  EXPECT_EQ(ended.status, 1);
  EXPECT_NE(ended.out.find("\nred: broke law"), std::string::npos) << ended.out;
}

TEST_F(FromRecords, WhatIsNoneIsRefusedAndLeavesTheBaseline) {
  const std::string before = read("base.jsonl"), line = read("now/records.jsonl");
  std::vector<Record> elsewhere = records();
  for (Record& record : elsewhere) record.machine.isa = "aarch64 sve";
  put("elsewhere", elsewhere);
  fs::create_directories(directory / "empty");
  fs::create_directories(directory / "odd/records.jsonl");
  write("cut.jsonl", line.substr(0, line.size() / 3));
  write("foreign.jsonl", "{\"name\": \"softmax\"}\n");
  write("binary.jsonl", std::string("\x7f"
                                    "ELF\2\1\1\0\0\n",
                                    10));
  write("zero.jsonl", "");
  write("schema.jsonl", "{\"schema\":2" + line.substr(line.find(',')));
  const struct {
    std::string candidate, says;
  } bad[]{{"cut.jsonl", "cut.jsonl:1: the line is cut off"},
          {"foreign.jsonl", "foreign.jsonl:1: not written by softmax-audit"},
          {"binary.jsonl", "binary.jsonl:1: not a line of JSON"},
          {"zero.jsonl", "zero.jsonl:1: no records in this file"},
          {"schema.jsonl", "schema.jsonl:1: of schema 2, this program reads 1"},
          {"empty", "empty/records.jsonl: No such file or directory"},
          {"odd", "odd/records.jsonl: cannot be read to its end"}};
  for (const auto& [candidate, says] : bad) {
    for (const char* command : {"gate --update --because x --baseline base.jsonl --candidate ",
                                "gate --baseline base.jsonl --candidate ", "report now ", "merge --out merged now "}) {
      expect_refused(command + candidate, says);
    }
  }
  const std::string update = "gate --update --baseline base.jsonl --candidate ";
  expect_refused(update + "elsewhere", "base.jsonl: of another platform (x86-64 avx512f, GNU 12, glibc 2.36; ");
  expect_refused(update + "worse --because ' '", "--because: gives no reason");
  expect_refused("gate --because x --baseline base.jsonl --candidate worse", "--because requires --update");
  expect_refused("gate --update --baseline now/records.jsonl --candidate now", "now/records.jsonl:1: \"architecture\"");
  expect_refused("gate --update --baseline nowhere/base.jsonl --candidate now",
                 "nowhere/base.jsonl: cannot be written");
  EXPECT_EQ(read("base.jsonl"), before);
  EXPECT_EQ(read("now/records.jsonl"), line);
  EXPECT_FALSE(fs::exists(directory / "merged"));
  for (const auto& left : fs::recursive_directory_iterator(directory)) EXPECT_NE(left.path().extension(), ".tmp");
}

TEST_F(FromRecords, ReportHoldsOneRunAgainstAnother) {
  const auto ended = run("report now worse");
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("\n1 worse, 0 better, 0 as before\n"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find("softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=2 --target stable"),
            std::string::npos);
  EXPECT_NE(ended.out.find("Times are not compared"), std::string::npos);
  EXPECT_NE(read("worse/compared.html").find("1024 logits from "), std::string::npos) << "the row in hex";
  EXPECT_EQ(read("worse/compared.md").rfind("# softmax-audit: 1 worse", 0), 0u);
  EXPECT_FALSE(fs::exists(directory / "now/compared.html"));
}

TEST_F(FromRecords, MergeTakesMachinesOfOnePlatformAndNoOther) {
  std::vector<Record> other = records();
  for (Record& record : other) record.machine.cpu = "Another CPU";
  other[0].family = "normal";
  put("other", other);
  ASSERT_EQ(run("merge now other --out both").status, 0);
  EXPECT_EQ(std::ranges::count(read("both/records.jsonl"), '\n'), 3);
  EXPECT_NE(read("both/index.html").find("A CPU; Another CPU"), std::string::npos);
  for (Record& record : other) record.machine.libm = "musl";
  put("other", other);
  expect_refused("merge now other --out neither", "other: of another platform");
  EXPECT_FALSE(fs::exists(directory / "neither"));
}

}  // namespace
}  // namespace audit::commands
