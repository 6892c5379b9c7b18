#include "reports/csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "reports/json.hpp"
#include "reports/test_outside.hpp"
#include "reports/test_records.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

struct Csv : TestFromOutside {
  /// A row as column → cell.
  using Row = std::map<std::string, std::string>;

  /// What Python reads.
  [[nodiscard]] std::vector<Row> rows(const std::vector<Record>& records) const {
    write("records.csv", csv(records));
    const std::string text = csv_rows("records.csv");
    const auto read = json::Json::parse(text, nullptr, false);
    if (!read.is_array()) throw std::runtime_error(text);
    const std::vector<std::vector<std::string>> lines = read;
    std::vector<Row> all;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      EXPECT_EQ(lines[i].size(), lines[0].size()) << i;
      all.emplace_back();
      for (std::size_t j = 0; j < lines[0].size(); ++j) all.back()[lines[0][j]] = lines[i].at(j);
    }
    return all;
  }
};

/// A text as it was before csv() guarded it.
std::string unguarded(const std::string& cell) { return cell.starts_with('\'') ? cell.substr(1) : cell; }

TEST_F(Csv, has_every_member_of_the_line_of_the_record) {
  const std::vector<Record> records{accuracy_record(), law_record(), speed_record(), contract_record(),
                                    absent_record()};
  const std::vector<Row> read = rows(records);
  ASSERT_EQ(read.size(), records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto line = json::Json::parse(to_line(records[i]));
    std::size_t filled = 0;
    const auto expect = [&](const std::string& column, const json::Json& value) {
      const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
      EXPECT_EQ(unguarded(read[i].at(column)), text) << column;
      filled += !text.empty();
    };
    for (const auto& [key, value] : line.items()) {
      if (key == "build" || key == "machine" || key == "outcomes") {
        for (const auto& [part, text] : value.items()) expect(key + "." + part, text);
      } else {
        expect(key, value);
      }
    }
    EXPECT_EQ(std::ranges::count_if(read[i], [](const auto& cell) { return !cell.second.empty(); }), filled)
        << "empty where the line has no such member";
  }
}

TEST_F(Csv, columns_are_in_the_order_of_the_record) {
  const std::string text = csv({accuracy_record()});
  EXPECT_TRUE(text.starts_with("schema,kind,target,version,map,format,family,n,rows,seed,max_ulp,max_ulp_case,"));
  EXPECT_NE(text.find(",correctly_rounded,outcomes.correctly rounded,outcomes.faithful,outcomes.off,witnesses,"),
            std::string::npos);
  EXPECT_NE(text.find(",verdict,build.compiler,build.flags,build.commit,machine.cpu,machine.isa,machine.libm\r\n"),
            std::string::npos);
}

TEST_F(Csv, a_label_that_a_record_lacks_is_0_and_of_other_kinds_empty) {
  Record nan = accuracy_record();
  nan.outcomes = {{"spurious nan", 4096}};
  const std::vector<Row> read = rows({accuracy_record(), nan, law_record()});
  EXPECT_EQ(read[0].at("outcomes.spurious nan"), "0");
  EXPECT_EQ(read[1].at("outcomes.spurious nan"), "4096");
  EXPECT_EQ(read[1].at("outcomes.faithful"), "0");
  EXPECT_EQ(read[2].at("outcomes.faithful"), "");
}

TEST_F(Csv, numbers_read_back_to_the_bit) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<Record> records;
  for (const double value :
       {0.1, -1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 12345678901234567.0, infinity, -infinity, std::nan("")}) {
    records.push_back(accuracy_record());
    records.back().max_ulp = value;
    records.back().seed = std::numeric_limits<std::uint64_t>::max();
  }
  const std::vector<Row> read = rows(records);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const double value = std::strtod(read[i].at("max_ulp").c_str(), nullptr), want = *records[i].max_ulp;
    EXPECT_TRUE(std::isnan(want) ? std::isnan(value) : value == want && std::signbit(value) == std::signbit(want))
        << read[i].at("max_ulp");
    EXPECT_EQ(std::stoull(read[i].at("seed")), records[i].seed);
  }
}

TEST_F(Csv, no_text_is_a_formula) {
  std::vector<Record> records;
  for (const char* text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'quoted", "plain=1"}) {
    records.push_back(law_record());
    records.back().target = text;
  }
  const std::vector<Row> read = rows(records);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::string cell = read[i].at("target");
    EXPECT_EQ(std::string("=+-@\t\r").find(cell[0]), std::string::npos) << cell;
    EXPECT_EQ(unguarded(cell), one_line(records[i].target));
  }
}

TEST_F(Csv, hostile_text_does_no_harm) {
  const std::string text = csv(hostile_records());
  EXPECT_EQ(text, utf8(text));
  EXPECT_EQ(std::ranges::count(text, '\n'), 5) << "a heading and a line for each record";
  const std::vector<Row> read = rows(hostile_records());
  ASSERT_EQ(read.size(), 4U);
  for (const Row& row : read) {
    EXPECT_EQ(row.at("target"), one_line(hostile));
    EXPECT_EQ(row.at("outcomes." + one_line(hostile)), "3");
    EXPECT_EQ(json::Json::parse(row.at("witnesses")).begin().value(), utf8(hostile));
    EXPECT_EQ(json::Json::parse(row.at("findings"))[0]["got"], utf8(hostile));
  }
}

}  // namespace
}  // namespace audit::reports
