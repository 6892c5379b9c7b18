#include "reports/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "reports/rows.hpp"
#include "reports/summary.hpp"
#include "reports/test_records.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from) + from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

/// A member of a record as the page holds it; null where it has none.
nlohmann::json held(const nlohmann::json& all, const std::string& key, std::size_t record) {
  const nlohmann::json& column = all["columns"][key];
  if (column.is_array()) return column[record];
  const nlohmann::json& at = column["at"][record];
  return at.is_null() ? at : column["values"][at.get<std::size_t>()];
}

/// The cells of the static table of targets, row by row.
std::vector<std::vector<std::string>> summary_cells(const std::string& html) {
  const std::string body = between(between(html, "<table id=\"summary\"", "</table>"), "<tbody>", "</tbody>");
  std::vector<std::vector<std::string>> rows;
  const std::regex cell("<t[hd][^>]*>(?:<(?:button|div)[^>]*>)?([^<]*)(?:</(?:button|div)>)?</t[hd]>|<tr>");
  for (std::sregex_iterator at(body.begin(), body.end(), cell), end; at != end; ++at) {
    if (at->str() == "<tr>") {
      rows.emplace_back();
    } else {
      rows.back().push_back(at->str(1));
    }
  }
  return rows;
}

std::vector<Record> run() {
  std::vector<Record> records;
  for (int i = 0; i < 40; ++i) {
    Record record = accuracy_record();
    record.target = i % 2 == 0 ? "stable" : "online";
    record.format = i % 4 < 2 ? "f32" : "f64";
    record.family = "family" + std::to_string(i);
    record.max_ulp = (i % 3 == 0 ? -1 : 1) * (1.37 + i);
    record.bound_utilisation = 0.013 * i;
    record.outcomes = {{"correctly rounded", 100 + i}, {"off", 300}};
    records.push_back(record);
  }
  records.push_back(law_record());
  records.push_back(speed_record());
  records.push_back(absent_record());
  return records;
}

TEST(Page, shows_who_sees_which_mutant) {
  EXPECT_FALSE(contains(page(run()), "id=\"eye\""));
  const std::string table = between(page(run(), eye()), "<table id=\"eye\"", "</table>");
  EXPECT_TRUE(contains(table, R"(<th scope="colgroup" colspan="2" class="first">softmax</th>)"));
  EXPECT_TRUE(contains(table, R"(<td class="alone first" title="order, tail: softmax:f32:row=0">●</td>)"));
  EXPECT_EQ(occurrences(table, "class=\"killed"), 5u);
  EXPECT_TRUE(contains(table, "title=\"1e-2, tail: lives\">○</td>"));
  EXPECT_TRUE(contains(table, "accuses stable, too"));
  EXPECT_EQ(occurrences(table, "accuses"), 1u) << "only where it does";
  EXPECT_TRUE(contains(table, R"(title="1e-2, loss: not asked"></td>)"));
}

TEST(Page, every_number_of_its_summary_is_found_in_the_records) {
  const std::vector<Record> records = run();
  const auto rows = summary_cells(page(records));
  ASSERT_EQ(rows.size(), 4u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 10u);
    std::set<std::string> errors, claims, times;
    std::uint64_t rounded = 0, all = 0;
    for (const Record& record : records) {
      if (record.target != row[0] || record.map != row[1] || record.format != row[2]) continue;
      if (record.max_ulp) {
        std::string text = digits(*record.max_ulp, true);
        if (text[0] == '-') text = "−" + text.substr(1);
        errors.insert(text + " " + record.family + "/1024");
      }
      if (record.bound_utilisation) claims.insert(percent(*record.bound_utilisation));
      if (record.ns_median) times.insert(digits(*record.ns_median));
      for (const auto& [label, count] : record.outcomes) {
        all += count;
        rounded += label == "off" ? 0 : count;
      }
    }
    EXPECT_TRUE(errors.contains(row[3] + " " + row[4])) << row[3] << " on " << row[4];
    EXPECT_TRUE(claims.contains(row[5])) << row[5];
    EXPECT_EQ(row[6], percent(static_cast<double>(rounded) / static_cast<double>(all)));
    EXPECT_TRUE(row[8].empty() ? times.empty() : times.contains(row[8])) << row[8];
  }
}

TEST(Page, holds_every_record) {
  const std::vector<Record> records = run();
  const nlohmann::json all = nlohmann::json::parse(page_data(records));
  ASSERT_EQ(all["count"], records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    nlohmann::json line = nlohmann::json::parse(to_line(records[i]));
    for (const char* key : {"schema", "version", "build", "machine"}) line.erase(key);
    for (const auto& [key, column] : all["columns"].items()) {
      EXPECT_EQ(held(all, key, i), line.contains(key) ? line[key] : nlohmann::json()) << key;
      line.erase(key);
    }
    EXPECT_TRUE(line.empty()) << line;
  }
}

TEST(Page, holds_the_rows_of_the_witnesses_that_it_opens) {
  std::vector<Record> records{accuracy_record(), accuracy_record(), accuracy_record()};
  records[1].max_ulp = 3;
  records[1].max_ulp_case = "smaller";
  records[2].max_ulp = 1e9;
  records[2].max_ulp_case = "outside";
  records[2].rows_in_domain = 0;
  records[2].max_ulp_bound.reset();
  records[2].witnesses["flushed"] = "flushed#2";
  const auto row = [](const std::string& witness) { return witness == "flushed#2" ? "" : "row of " + witness; };
  const std::string used = records[0].utilisation_case, worst = records[0].max_ulp_case + "#17";
  EXPECT_EQ(
      nlohmann::json::parse(page_rows(records, row)),
      (nlohmann::json{{"outside#17", "row of outside#17"}, {used, "row of " + used}, {worst, "row of " + worst}}));
}

TEST(Page, packs_what_zlib_unpacks) {
  // python3 -c 'import base64, zlib; print(base64.b64encode(zlib.compress(b"softmax")).decode())' and of b"softmax ", …
  EXPECT_EQ(packed("softmax"), "eJwrzk8ryU2sAAAMFQMD");
  EXPECT_EQ(packed("softmax "), "eJwrzk8ryU2sUAAADzgDIw==");
  EXPECT_EQ(packed("softmax s"), "eJwrzk8ryU2sUCgGABLOA5Y=");
}

TEST(Page, says_verdict_provenance_findings_and_what_is_absent) {
  std::vector<Record> records = run();
  EXPECT_TRUE(contains(page(records), "<h1 class=\"good\">all holds</h1>"));
  records[40].findings = {a_finding()};
  const std::string html = page(records);
  EXPECT_TRUE(contains(html, "<h1 class=\"bad\">broke law</h1>"));
  EXPECT_TRUE(contains(html, a_finding().replay + "</code>"));
  EXPECT_TRUE(contains(html, "<strong>onednn</strong> dnnl was not found when the suite was built"));
  for (const char* fact : {"2ee4063", "GNU 12.2.0", "-O2 -ffp-contract=off", "A CPU", "x86-64 avx512f", "glibc 2.36"}) {
    EXPECT_TRUE(contains(html, std::string("<dd>") + fact + "</dd>")) << fact;
  }
}

TEST(Page, of_nothing_is_vacuous) { EXPECT_TRUE(contains(page({}), "<h1 class=\"bad\">vacuous</h1>")); }

TEST(Page, fetches_nothing) {
  const std::string html = page(run());
  const std::regex fetch(R"((src|href|action)\s*=\s*["']?\s*(https?:)?//|url\(\s*["']?\s*(https?:)?//|@import)");
  std::smatch found;
  EXPECT_FALSE(std::regex_search(html, found, fetch)) << found.str();
  EXPECT_TRUE(contains(html, "default-src 'none'"));
}

TEST(Page, hostile_text_does_no_harm) {
  const std::string plain = page(run());
  const std::string html = page(hostile_records());
  EXPECT_EQ(html, utf8(html));
  EXPECT_EQ(occurrences(html, "</script"), occurrences(plain, "</script"));
  EXPECT_EQ(occurrences(html, "<!--"), occurrences(plain, "<!--"));
  EXPECT_EQ(occurrences(html, "<img"), occurrences(plain, "<img"));
  std::string replaced(hostile);
  replaced.replace(replaced.find('\xff'), 1, "\xEF\xBF\xBD");
  EXPECT_EQ(held(nlohmann::json::parse(page_data(hostile_records())), "family", 0), replaced);
}

}  // namespace
}  // namespace audit::reports
