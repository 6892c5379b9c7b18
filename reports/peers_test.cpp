#include "reports/peers.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "reports/test_records.hpp"

namespace audit::reports {
namespace {

Record peer(const std::string& function, const std::string& format, const std::string& family, double max_ulp) {
  Record record = accuracy_record();
  record.target = "python:scipy_adapter.py:" + function;
  record.version = "SciPy 1.17.1";
  record.map = function;
  record.format = format;
  record.family = family;
  record.max_ulp = max_ulp;
  record.max_ulp_case = function + ":" + format + ":" + family + ":n=1024:seed=1:index=0";
  return record;
}

Record absent_peer() {
  Record record = absent_record();
  record.target = "python:jax_adapter.py";
  record.version = "JAX";
  record.absent = "cannot be imported";
  return record;
}

/// The lines that begin with this.
std::vector<std::string> lines_of(const std::string& text, const std::string& beginning) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(beginning)) found.push_back(line);
  return found;
}

/// Bars that are not escaped.
std::size_t bars(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) count += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
  return count;
}

TEST(Peers, ShowTheLargestErrorOfEachFunctionAndItsRow) {
  Record flushed = peer("softmax", "f32", "deep_tail", -3);
  flushed.outcomes = {{"correctly rounded", 4000}, {"flushed", 96}};
  const std::string table = peers_markdown(
      {peer("softmax", "f64", "wide", 12), peer("softmax", "f32", "wide", 80.25),
       peer("softmax", "f32", "normal", -100), flushed, peer("logsumexp", "f64", "wide", 1), absent_peer()},
      "2026-01-31");
  EXPECT_NE(table.find("on 2026-01-31, seed 1, A CPU, x86-64 avx512f, glibc 2.36, commit 2ee4063."), std::string::npos);
  EXPECT_NE(table.find("of 1 libraries?"), std::string::npos);

  EXPECT_EQ(lines_of(table, "| SciPy 1.17.1, softmax"),
            std::vector<std::string>{"| SciPy 1.17.1, softmax | +12 | -100, 96 flushed | – | – |"});
  const auto rows = lines_of(table, "| softmax | f32");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0],
            "| softmax | f32 | -100 | normal/1024 | 96 flushed | 49.2 | `softmax-audit replay "
            "softmax:f32:normal:n=1024:seed=1:index=0 --target python:scipy_adapter.py:softmax` |");
  EXPECT_EQ(lines_of(table, "| by family"), std::vector<std::string>{"| by family | wide | normal | deep\\_tail |"});
  EXPECT_EQ(lines_of(table, "| softmax f32"),
            std::vector<std::string>{"| softmax f32 | +80.2 | -100 | -3, 96 flushed |"});
  EXPECT_EQ(lines_of(table, "| logsumexp f64"), std::vector<std::string>{"| logsumexp f64 | +1 |  |  |"});
  EXPECT_EQ(lines_of(table, "- JAX"), std::vector<std::string>{"- JAX (python:jax\\_adapter.py): cannot be imported"});
}

TEST(Peers, ShowTheRowOfAnOutcomeWhereNothingHasANumber) {
  Record crashed = peer("softmax", "f32", "wide", 0);
  crashed.max_ulp.reset();
  crashed.outcomes = {{"crashed", 4096}};
  crashed.witnesses = {{"crashed", "softmax:f32:wide:n=1024:seed=1:index=2#7"}};
  const auto rows = lines_of(peers_markdown({crashed}, "2026-01-31"), "| softmax | f32");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NE(rows[0].find("|  |  | 4096 crashed | 0.0 | `softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=2 "),
            std::string::npos)
      << rows[0];
}

TEST(Peers, KeepTheTableWholeWhateverTheTexts) {
  const std::string table = peers_markdown(hostile_records(), "2026-01-31");
  std::size_t width = 0;
  std::istringstream in(table);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("|")) {
      if (width == 0) width = bars(line);
      EXPECT_EQ(bars(line), width) << line;
    } else {
      width = 0;
    }
  }
}

TEST(Peers, AreAPageWithALineForEveryFigure) {
  const std::string page = peers_page(
      {peer("softmax", "f32", "wide", 80.25), peer("softmax", "f32", "normal", -100), absent_peer()}, "2026-01-31");
  const std::string replay =
      "softmax-audit replay softmax:f32:wide:n=1024:seed=1:index=0 --target "
      "python:scipy_adapter.py:softmax";
  EXPECT_NE(page.find("<td title=\"" + replay + "\">+80.2</td>"), std::string::npos) << page;
  EXPECT_NE(page.find("<strong>JAX</strong> is absent: cannot be imported"), std::string::npos);
  EXPECT_EQ(peers_page(hostile_records(), "2026-01-31").find("<img"), std::string::npos);
}

}  // namespace
}  // namespace audit::reports
