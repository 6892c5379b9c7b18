// What a run hands the page beside the records: rows in hex, and the answers to special rows.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "commands/common.hpp"
#include "commands/program.hpp"
#include "reference/cases.hpp"
#include "reports/page_data.hpp"

namespace audit::commands {
namespace {

TEST(RowInHex, is_the_same_row_spelled_out) {
  for (const char* id : {"softmax:f32:normal:n=3:seed=1:index=2", "cross_entropy:f16:masked_half:n=9:seed=4:index=1",
                         "gumbel_softmax:f64:temperature:n=2:seed=1:index=0"}) {
    const std::string whole = row_in_hex(std::string(id) + "#1");
    EXPECT_NE(whole.find(":row="), std::string::npos) << whole;
    EXPECT_EQ(reference::rebuild(whole).row, reference::rebuild(id).row) << whole;
  }
}

TEST(RowInHex, of_a_long_row_says_what_it_spans_and_the_element) {
  const std::string id = "softmax:f32:masked_first_block:n=1000:seed=1:index=0";
  const std::vector<double> x = reference::rebuild(id).row.x;
  double least = INFINITY;
  for (const double logit : x) least = std::isfinite(logit) ? std::min(least, logit) : least;
  const std::string text = row_in_hex(id + "#999");
  EXPECT_TRUE(text.starts_with(fmt::format("1000 logits from {:a} to {:a}", least, *std::ranges::max_element(x))))
      << text;
  EXPECT_TRUE(text.ends_with(fmt::format(", element 999: {:a}", x[999]))) << text;
  const std::string loss = row_in_hex("logsumexp:f32:normal:n=1000:seed=1:index=0#0");
  EXPECT_EQ(loss.find("element"), std::string::npos) << loss << ": element 0 of what it gives, not of the row";
}

TEST(RowInHex, of_no_witness_is_empty) {
  for (const char* text : {"", "#1", "nonsense#1", "softmax:f32:normal:n=3:seed=1:index=2",
                           "softmax:f32:normal:n=1000:seed=1:index=2#99999999999999999999999"})
    EXPECT_EQ(row_in_hex(text), "") << text;
}

TEST(SpecialAnswers, are_what_the_target_gives) {
  const auto& catalogue = impls::catalogue();
  const auto of = [&](const std::string& name, const impls::Format& format) {
    const auto target = std::ranges::find(catalogue, name, &impls::Implementation::name);
    return special_answers(*target, format);
  };
  const auto stable = of("stable", impls::f32), naive = of("naive", impls::f32);
  EXPECT_EQ(stable.at("softmax:f32:row=2@-inf,0x1p+0"), "0x0p+0 0x0p+0 0x1p+0");
  EXPECT_EQ(stable.at("softmax:f32:row=3@-inf"), "nan nan nan");
  EXPECT_EQ(stable.at("softmax:f32:row=0x1p+7,-0x1p+7,0x0p+0"), "0x1p+0 0x0p+0 0x0p+0");
  EXPECT_TRUE(naive.at("softmax:f32:row=0x1p+7,-0x1p+7,0x0p+0").starts_with("nan")) << "inf ÷ inf";
  EXPECT_EQ(of("logsumexp_log1p", impls::f64).at("logsumexp:f64:row=3@-inf"), "-inf");
  EXPECT_EQ(of("stable", impls::f8e4m3).size(), 4u) << "a format without infinities";
  for (const auto& [id, answer] : of("cross_entropy_vjp", impls::f32))
    EXPECT_EQ(std::ranges::count(answer, ' '), 2) << id << ": " << answer;
}

class Run : public Program {};

TEST_F(Run, hands_both_to_the_page) {
  EXPECT_EQ(run("run --target stable --filter ':f32:normal:n=3$' --out made").status, 0);
  const std::string records = read("made/records.jsonl");
  EXPECT_NE(records.find(R"("softmax:f32:row=3@-inf":"nan nan nan")"), std::string::npos) << records;
  const std::string html = read("made/index.html");
  EXPECT_NE(html.find("id=\"rows\">"), std::string::npos);
  EXPECT_EQ(html.find("id=\"rows\">" + reports::packed("{}")), std::string::npos) << "no rows";
}

}  // namespace
}  // namespace audit::commands
