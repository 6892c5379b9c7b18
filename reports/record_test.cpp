#include "reports/record.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "reports/test_files.hpp"
#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

namespace fs = std::filesystem;

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Records : TestWithFiles {
  std::string file = (directory / "records.jsonl").string();

  void put(const std::string& text) const { write("records.jsonl", text); }
  [[nodiscard]] std::string text() const { return read("records.jsonl"); }
  /// What reading the file complains of.
  [[nodiscard]] std::string complaint() const {
    try {
      read_records(file);
    } catch (const BadRecords& bad) {
      return bad.what();
    }
    return "";
  }
};

TEST(TimeDifference, is_said_of_the_whole_interval) {
  EXPECT_EQ(time_difference(1.0201, 1.1, 0.02), "slower");
  EXPECT_EQ(time_difference(1.02, 1.1, 0.02), "undecided");
  EXPECT_EQ(time_difference(0.99, 1.02, 0.02), "no difference");
  EXPECT_EQ(time_difference(0.99, 1.021, 0.02), "undecided");
  EXPECT_EQ(time_difference(1 / 1.02, 1.02, 0.02), "no difference");
  EXPECT_EQ(time_difference(0.98, 1.02, 0.02), "undecided");
  EXPECT_EQ(time_difference(0.9, 0.98, 0.02), "faster");
  EXPECT_EQ(time_difference(0.9, 1.1, 0.02), "undecided");
  EXPECT_EQ(time_difference(0, infinity, 0.02), "undecided");
}

TEST_F(Records, every_member_comes_back) {
  for (const Record& record : {full_record(), accuracy_record(), law_record(), speed_record(), compared_record(),
                               absent_record(), contract_record()}) {
    EXPECT_EQ(from_line(to_line(record), "here"), record) << to_line(record);
  }
}

TEST_F(Records, every_member_is_in_the_line) {
  Record plain;
  plain.kind = "accuracy";
  const std::string line = to_line(full_record());
  for (const char* key : {"schema",
                          "kind",
                          "target",
                          "version",
                          "map",
                          "format",
                          "family",
                          "n",
                          "rows",
                          "seed",
                          "max_ulp",
                          "max_ulp_case",
                          "max_ulp_element",
                          "max_ulp_bound",
                          "max_ulp_spread",
                          "mean_abs_ulp",
                          "correctly_rounded",
                          "outcomes",
                          "witnesses",
                          "rows_in_domain",
                          "fallback_rate",
                          "special_rows",
                          "undecided",
                          "bound_utilisation",
                          "utilisation_case",
                          "findings",
                          "claim",
                          "proved_by_enumeration",
                          "absent",
                          "cache",
                          "ns_min",
                          "ns_median",
                          "ns_max",
                          "gb_per_s",
                          "roofline_fraction",
                          "verdict",
                          "build",
                          "compiler",
                          "flags",
                          "commit",
                          "machine",
                          "cpu",
                          "isa",
                          "libm",
                          "law",
                          "case",
                          "element",
                          "got",
                          "want",
                          "ulp",
                          "bound",
                          "source",
                          "replay"}) {
    EXPECT_NE(line.find('"' + std::string(key) + "\":"), std::string::npos) << key;
  }
  EXPECT_EQ(line.rfind(R"({"schema":1,"kind":"accuracy","target":"stable",)", 0), 0u) << line;
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST_F(Records, members_of_other_kinds_are_left_out) {
  EXPECT_EQ(to_line(speed_record()).find("max_ulp"), std::string::npos);
  EXPECT_EQ(to_line(law_record()).find("ns_median"), std::string::npos);
  EXPECT_EQ(to_line(accuracy_record()).find("cache"), std::string::npos);
  EXPECT_EQ(to_line(accuracy_record()).find("proved_by_enumeration"), std::string::npos);
}

TEST_F(Records, numbers_come_back_to_the_bit) {
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, infinity, -infinity, 3.0, 1e22}) {
    Record record = accuracy_record();
    record.max_ulp = value;
    const double back = *from_line(to_line(record), "here").max_ulp;
    EXPECT_EQ(back, value);
    EXPECT_EQ(std::signbit(back), std::signbit(value));
  }
  Record record = accuracy_record();
  record.max_ulp = std::nan("");
  record.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_TRUE(std::isnan(*from_line(to_line(record), "here").max_ulp));
  EXPECT_EQ(from_line(to_line(record), "here").seed, record.seed);
}

TEST_F(Records, file_holds_what_was_written_to_the_byte) {
  const std::vector<Record> records{full_record(), law_record(), speed_record(), absent_record()};
  write_records(file, records);
  const std::string once = text();
  EXPECT_EQ(read_records(file), records);
  EXPECT_EQ(read_records(directory.string()), records);
  write_records(file, read_records(file));
  EXPECT_EQ(text(), once);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory), fs::directory_iterator()), 1);
}

TEST_F(Records, hostile_text_stays_on_its_line_and_in_its_field) {
  const std::vector<Record> records = hostile_records();
  write_records(file, records);
  const std::vector<Record> back = read_records(file);
  ASSERT_EQ(back.size(), records.size());
  std::string replaced(hostile);
  replaced.replace(replaced.find('\xff'), 1, "\xEF\xBF\xBD");
  EXPECT_EQ(back[0].family, replaced);
  EXPECT_EQ(back[0].outcomes.at(replaced), 3u);
  EXPECT_EQ(to_json(hostile_records()[1].findings[0]).find('\n'), std::string::npos);
}

TEST_F(Records, foreign_and_broken_files_give_one_clear_line) {
  const std::string good = to_line(accuracy_record());
  const auto with = [&good](const std::string& from, const std::string& to) {
    return std::string(good).replace(good.find(from), from.size(), to);
  };
  const struct {
    std::string text, says;
  } bad[]{
      {"", ":1: no records in this file"},
      {good + '\n' + good.substr(0, good.size() / 2), ":2: the line is cut off"},
      {good + "\n\n", ":2: the line is cut off"},
      {"PK\x03\x04", ":1: not a line of JSON (byte 1)"},
      {"[1, 2]\n", ":1: not written by softmax-audit"},
      {"{\"name\": 1}\n", ":1: not written by softmax-audit"},
      {"{\"schema\": 1}\n", ":1: \"kind\" is missing"},
      {with("\"schema\":1", "\"schema\":99"), ":1: of schema 99, this program reads 1"},
      {with("\"accuracy\"", "\"hearsay\""), ":1: a record of no known kind"},
      {with("\"rows\":4", "\"rows\":-4"), ":1: \"rows\" is no count"},
      {with("\"rows\":4", "\"rows\":4.5"), ":1: \"rows\" is no count"},
      {with("\"rows\":4,", ""), ":1: \"rows\" is missing"},
      {with("\"rows\":4", "\"rows\":4,\"rags\":1"), ":1: \"rags\" is no field of this layout"},
      {with("-66.25", "\"high\""), ":1: \"max_ulp\" is no number"},
      {with("-66.25", "1e999"), ":1: a number beyond every double"},
      {with("\"stable\"", "null"), ":1: \"target\" is no string"},
      {with("{\"correctly rounded\"", "[{\"correctly rounded\""), ":1: not a line of JSON"},
      {with("\"stable\"", "\"\xff\""), ":1: not a line of JSON"},
  };
  for (const auto& [text, says] : bad) {
    put(text);
    const std::string complaint = this->complaint();
    EXPECT_EQ(complaint.rfind(file + says, 0), 0u) << complaint << " instead of " << says;
    EXPECT_NE(complaint.find("; write the records again"), std::string::npos) << complaint;
    EXPECT_EQ(complaint.find('\n'), std::string::npos) << complaint;
  }
}

TEST_F(Records, missing_file_is_named) {
  EXPECT_EQ(complaint().rfind(file + ": No such file or directory; ", 0), 0u) << complaint();
}

TEST_F(Records, unwritable_place_is_named_and_left_as_it_was) {
  const std::string nowhere = (directory / "none" / "records.jsonl").string();
  try {
    write_records(nowhere, {accuracy_record()});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), nowhere + ": cannot be written: No such file or directory");
  }
  fs::create_directories(file + "/taken");
  EXPECT_THROW(write_records(file, {accuracy_record()}), std::runtime_error);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory), fs::directory_iterator()), 1);
}

TEST_F(Records, full_disk_leaves_nothing) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  put("as it was");
  const std::string temporary = file + "." + std::to_string(getpid()) + ".tmp";
  fs::create_symlink("/dev/full", temporary);
  ASSERT_THROW(write_records(file, {accuracy_record()}), std::runtime_error);
  EXPECT_EQ(text(), "as it was");
  EXPECT_FALSE(fs::is_symlink(temporary));
}

}  // namespace
}  // namespace audit::reports
