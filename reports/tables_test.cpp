#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "reports/markdown.hpp"
#include "reports/page.hpp"
#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/test_records.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++times;
  return times;
}

/// A line of Markdown less its code spans: a run of backticks that is not escaped, up to the next run as long.
std::string without_code(const std::string& line) {
  std::string prose;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] != '`' || (i > 0 && line[i - 1] == '\\')) {
      prose += line[i++];
      continue;
    }
    const std::size_t length = std::min(line.find_first_not_of('`', i), line.size()) - i;
    std::size_t end = i + length;
    for (std::size_t run = 0; end < line.size() && run != length; end += std::max<std::size_t>(run, 1)) {
      run = std::min(line.find_first_not_of('`', end), line.size()) - end;
    }
    i = end;
  }
  return prose;
}

std::vector<Record> run() {
  Record smaller = accuracy_record();
  smaller.family = "normal";
  smaller.max_ulp = 12;
  smaller.outcomes = {{"correctly rounded", 3072}, {"faithful", 1024}};
  smaller.bound_utilisation = 0.875;
  Record outside = accuracy_record();
  outside.family = "offset_up";
  outside.max_ulp = 1e9;
  outside.max_ulp_bound.reset();
  outside.rows_in_domain = 0;
  outside.bound_utilisation.reset();
  outside.outcomes = {{"spurious nan", 4096}};
  return {accuracy_record(), smaller, outside, law_record(), speed_record(), absent_record()};
}

TEST(Summaries, take_the_worst_inside_the_domain) {
  const std::vector<Record> records = run();
  const std::vector<Summary> summaries = summarise(records);
  ASSERT_EQ(summaries.size(), 1u);
  EXPECT_EQ(summaries[0].worst, &records[0]);
  EXPECT_EQ(summaries[0].unnumbered, nullptr);
  EXPECT_EQ(summaries[0].tightest, &records[1]);
  EXPECT_EQ(summaries[0].correctly_rounded, 0.5);
  EXPECT_EQ(summaries[0].in_cache, &records[4]);
  const TableRow row = table_row(summaries[0]);
  EXPECT_EQ(row.worst, "-66.2");
  EXPECT_EQ(row.where, "wide/1024");
  EXPECT_EQ(row.claim, "87.5");
  EXPECT_EQ(row.rounded, "50.0");
  EXPECT_EQ(row.laws, "1/1");
  EXPECT_EQ(row.ns, "1.5");
  EXPECT_EQ(row.verdict, "holds");
}

TEST(Summaries, elements_without_a_number_come_before_any_number) {
  std::vector<Record> records = run();
  records[0].outcomes["spurious nan"] = 444;
  records[0].bound_utilisation = infinity;
  const TableRow row = table_row(summarise(records)[0]);
  EXPECT_EQ(row.worst, "444 nan");
  EXPECT_EQ(row.claim, "inf");
  EXPECT_EQ(row.verdict, "broke claim");
  records[0].bound_utilisation = 0.5;
  EXPECT_EQ(table_row(summarise(records)[0]).worst, "-66.2") << "excused by the claim";
  records[0].bound_utilisation.reset();
  EXPECT_EQ(table_row(summarise(records)[0]).worst, "444 nan") << "nothing is claimed, nothing excused";
}

TEST(Summaries, say_what_is_proved_by_enumeration) {
  std::vector<Record> records = run();
  records[1].proved_by_enumeration = true;
  EXPECT_EQ(table_row(summarise(records)[0]).verdict,
            fmt::format("holds; proved on {}/{}", records[1].family, records[1].n));
  records[0].proved_by_enumeration = true;
  EXPECT_EQ(table_row(summarise(records)[0]).verdict, "holds; proved on 2 enumerations");
  EXPECT_NE(terminal_table(records).find("proved on 2"), std::string::npos);
  EXPECT_NE(markdown(records).find("proved on 2"), std::string::npos);
  EXPECT_NE(page(records).find("proved on 2"), std::string::npos);
  records[0].bound_utilisation = 2;
  EXPECT_EQ(table_row(summarise(records)[0]).verdict, "broke claim");
}

TEST(Summaries, special_rows_of_an_enumeration_are_outside_of_no_domain) {
  Record record = accuracy_record();
  record.max_ulp_bound.reset();
  record.rows = record.rows_in_domain + 1;
  EXPECT_FALSE(in_domain(record));
  record.special_rows = 1;
  EXPECT_TRUE(in_domain(record));
}

TEST(Summaries, maximum_outside_of_the_domain_does_not_count_in_a_mixed_family) {
  std::vector<Record> records = run();
  records[0].rows_in_domain = 2;
  EXPECT_EQ(table_row(summarise(records)[0]).worst, "-66.2");
  records[0].max_ulp_bound.reset();
  EXPECT_EQ(table_row(summarise(records)[0]).worst, "+12");
}

TEST(Summaries, a_record_cannot_talk_its_failure_away) {
  Record record = accuracy_record();
  record.verdict = "unchanged";
  EXPECT_EQ(verdict_of(record), Verdict::unchanged);
  record.verdict = "regressed";
  EXPECT_EQ(verdict_of(record), Verdict::regressed);
  record.bound_utilisation = 2;
  record.verdict = "unchanged";
  EXPECT_EQ(verdict_of(record), Verdict::broke_claim);
}

TEST(Summaries, law_that_does_not_apply_is_neither_kept_nor_an_absent_target) {
  std::vector<Record> records = run();
  records.push_back(law_record());
  records.back().absent = "its claim speaks of rows of finite entries";
  records.back().rows = 0;
  EXPECT_EQ(table_row(summarise(records)[0]).laws, "1/1");
  EXPECT_EQ(overview(records).absent.size(), 1u);
}

TEST(Summaries, name_every_seed_but_that_of_rows_without_one) {
  std::vector<Record> records{accuracy_record(), law_record()};
  records[0].seed = 3;
  records[1].seed = 0;
  EXPECT_TRUE(contains(markdown(records), "seed 3."));
  records.push_back(accuracy_record());
  EXPECT_TRUE(contains(markdown(records), "seed 1, 3."));
  EXPECT_TRUE(contains(markdown({records[1]}), "seed 0."));
}

TEST(Numbers, are_short_and_never_cross_the_whole) {
  EXPECT_EQ(digits(66.25, true), "+66.2");
  EXPECT_EQ(digits(-1234.5), "-1234");
  EXPECT_EQ(digits(8388608), "8.39e+06");
  EXPECT_EQ(digits(infinity, true), "+inf");
  EXPECT_EQ(digits(0, true), "0");
  EXPECT_EQ(percent(0.99999), "99.9");
  EXPECT_EQ(percent(1), "100.0");
  EXPECT_EQ(percent(1.00001), "100.1");
}

TEST(Replay, is_safe_to_paste) {
  EXPECT_EQ(replay_line("stable", "softmax:f32:wide:n=4:seed=1:index=3#17"),
            "softmax-audit replay softmax:f32:wide:n=4:seed=1:index=3 --target stable");
  EXPECT_EQ(replay_line("a'; rm -rf $HOME", "x#1"), "softmax-audit replay x --target 'a'\\''; rm -rf $HOME'");
}

TEST(Markdown, says_the_verdict_first_and_then_what_is_wrong) {
  std::vector<Record> records = run();
  EXPECT_EQ(lines(markdown(records))[0], "# softmax-audit: all holds");
  records[3].findings = {a_finding()};
  const std::string text = markdown(records);
  EXPECT_EQ(lines(text)[0], "# softmax-audit: broke law");
  EXPECT_EQ(lines(text)[2], "1 of 1 target falls short: stable.");
  EXPECT_TRUE(contains(text, "- **stable** softmax f32: range, got `0x1.8p+0`, want `at most 1`")) << text;
  EXPECT_TRUE(contains(text, '`' + a_finding().replay + '`')) << text;
  EXPECT_LT(text.find("What is wrong"), text.find("| target |"));
  EXPECT_TRUE(contains(text, "| stable | softmax | f32 | -66.2 | wide/1024 | 87.5 | 50.0 | 0/1 | broke law |")) << text;
  EXPECT_TRUE(contains(text, "onednn (dnnl was not found when the suite was built)")) << text;
}

/// An eye of so many laws and tolerances.
Eye wide_eye(std::size_t laws, std::size_t tolerances) {
  Eye wide = eye();
  wide.laws.assign(laws, wide.laws[0]);
  wide.tolerances.assign(tolerances, wide.tolerances[0]);
  return wide;
}

/// So many targets, of which every second falls short, and the last ones are absent.
std::vector<Record> targets(std::size_t asked, std::size_t absent) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < asked; ++i) {
    records.push_back(law_record());
    records.back().target = fmt::format("target{}", i);
    if (i % 2 == 1) records.back().findings = {a_finding()};
  }
  records.insert(records.end(), absent, absent_record());
  return records;
}

TEST(Markdown, keeps_the_worst_of_many) {
  const std::string text = markdown(targets(200, 50));
  EXPECT_TRUE(contains(text, "and 88 more, on the page")) << text;
  EXPECT_TRUE(contains(text, "170 more rows on the page")) << text;
  EXPECT_FALSE(contains(text, "| target0 |")) << "failing rows come first";
}

TEST(Markdown, stays_within_its_lines_whatever_it_holds) {
  for (const std::size_t asked : {0, 1, 2, 7, 8, 9, 20, 30, 31, 200})
    for (const std::size_t absent : {0, 1, 50})
      for (const std::size_t most : {30, 31, 59, 60})
        for (const std::size_t laws : {0, 1, 35, 500})
          for (const std::size_t tolerances : {0, 6, 100}) {
            const std::string text = markdown(targets(asked, absent), wide_eye(laws, tolerances), most);
            ASSERT_LE(lines(text).size(), most) << text;
            ASSERT_TRUE(asked < 2 || contains(text, "- **target1**")) << text;
            ASSERT_TRUE(asked < 2 || contains(text, "| target1 |")) << text;
          }
}

TEST(Markdown, counts_laws_that_have_no_room) {
  const std::string text = markdown(targets(4, 0), wide_eye(100, 6));
  EXPECT_EQ(lines(text).size(), 60U);
  EXPECT_TRUE(contains(text, fmt::format("\n{} more laws on the page.", 100 - count(text, "| order |")))) << text;
}

TEST(Markdown, says_what_is_seen_and_what_lives) {
  const std::string text = markdown(run(), eye());
  EXPECT_TRUE(contains(text, "| order | 2 | tail |")) << text;
  EXPECT_TRUE(contains(text, "| error | 2 | shift |")) << text;
  EXPECT_TRUE(contains(text, "| 1e-2 | 1 of 2 | 0 of 2 | stable |")) << text;
  EXPECT_FALSE(contains(markdown(run()), "The eye"));
}

TEST(Markdown, of_nothing_is_vacuous) { EXPECT_EQ(markdown({}), "# softmax-audit: vacuous\n\nnothing was checked.\n"); }

TEST(Markdown, hostile_text_does_no_harm) {
  const std::string text = markdown(hostile_records());
  EXPECT_EQ(text, utf8(text));
  for (const std::string& line : lines(text)) {
    const std::string prose = without_code(line);
    for (std::size_t i = 0; i < prose.size(); ++i) {
      EXPECT_TRUE(prose[i] != '<' || (i > 0 && prose[i - 1] == '\\')) << prose;
    }
  }
  for (const std::string& line : lines(text)) {
    if (line.empty() || line[0] != '|') continue;
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_EQ(bars, 10u) << line;
  }
}

TEST(Terminal, is_aligned_and_fits) {
  std::vector<Record> records = run();
  for (Record& record : run()) {
    record.target = "a_target_whose_name_is_rather_long";
    record.map = "hierarchical_softmax";
    record.family = "masked_all_but_one_of_them";
    records.push_back(record);
  }
  const std::vector<std::string> table = lines(terminal_table(records));
  ASSERT_EQ(table.size(), 3u);
  const auto column = [](const std::string& line, const std::string& word) {
    const std::string before = line.substr(0, line.find(word));
    return std::ranges::count_if(before, [](char c) { return (c & 0xC0) != 0x80; });
  };
  for (const std::string& line : table) EXPECT_LE(column(line, "\n"), 100) << line;
  EXPECT_EQ(column(table[0], "verdict"), column(table[1], "holds"));
  EXPECT_EQ(column(table[0], "verdict"), column(table[2], "holds"));
  EXPECT_EQ(column(table[0], "fmt"), column(table[2], "f32"));
  EXPECT_EQ(table[1].find("stable"), 0u);
  EXPECT_TRUE(contains(table[2], "…")) << table[2];
}

TEST(Terminal, hostile_text_does_no_harm) {
  const std::string table = terminal_table(hostile_records());
  EXPECT_EQ(table, utf8(table));
  for (const char c : table) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << int{c};
  EXPECT_EQ(lines(table).size(), 2u);
}

}  // namespace
}  // namespace audit::reports
