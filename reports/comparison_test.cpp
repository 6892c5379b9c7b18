#include "reports/comparison.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "reports/test_page.hpp"

namespace audit::reports {
namespace {

Record of(const std::string& family, double ulp) {
  Record record = accuracy_record();
  record.family = family;
  record.max_ulp = ulp;
  record.max_ulp_case = "softmax:f32:" + family + ":n=1024:seed=1:index=0";
  return record;
}

std::vector<Record> before() {
  return {of("a", 2), of("b", 2), of("c", 2), of("d", 2), of("e", 2), law_record(), speed_record()};
}

std::vector<Record> after() {
  std::vector<Record> now{of("a", 3), of("b", -9), of("c", 1), of("d", 2), of("e", 2), law_record(), speed_record()};
  now[3].outcomes["flushed"] = 2;
  now[3].witnesses["flushed"] = "softmax:f32:d:n=1024:seed=1:index=1#5";
  now[5].findings = {a_finding()};
  now[6].ns_median = 1000;
  return now;
}

TEST(Comparisons, tell_worse_and_better_keys_the_largest_step_first) {
  const auto was = before(), now = after();
  const Comparison comparison = compare(was, now);
  ASSERT_EQ(comparison.worse.size(), 3u);
  EXPECT_EQ(comparison.worse[0].now, &now[3]) << "lost numbers come before ulps";
  EXPECT_EQ(comparison.worse[0].now_witness, "softmax:f32:d:n=1024:seed=1:index=1#5");
  EXPECT_EQ(comparison.worse[1].now, &now[1]);
  EXPECT_EQ(comparison.worse[1].detail,
            "-9 ulp at softmax:f32:b:n=1024:seed=1:index=0#17, was +2 ulp at softmax:f32:b:n=1024:seed=1:index=0#17");
  EXPECT_EQ(comparison.worse[2].now, &now[0]);
  ASSERT_EQ(comparison.better.size(), 1u);
  EXPECT_EQ(comparison.better[0].before, &was[2]);
  EXPECT_EQ(comparison.same, 1u);
  EXPECT_EQ(title(comparison), "3 worse, 1 newly broken, 1 better, 1 as before");
  ASSERT_EQ(comparison.outcomes.size(), 1u);
  EXPECT_EQ(comparison.outcomes[0].now, 2u);
}

TEST(Comparisons, tell_what_broke_and_what_was_mended) {
  const auto was = before(), now = after();
  const Comparison there = compare(was, now), back = compare(now, was);
  ASSERT_EQ(there.broken.size(), 1u);
  EXPECT_TRUE(there.broken[0].asked_elsewhere && there.mended.empty());
  EXPECT_EQ(there.broken[0].replay, a_finding().replay);
  ASSERT_EQ(back.mended.size(), 1u);
  EXPECT_TRUE(back.broken.empty());
}

TEST(Comparisons, tell_what_one_run_alone_asked_and_what_was_asked_other_rows) {
  auto was = before(), now = before();
  was[0].target = "gone";
  now[1].rows = 9;
  const Comparison comparison = compare(was, now);
  EXPECT_EQ(comparison.only_before, std::vector<std::string>{"gone softmax f32"});
  EXPECT_TRUE(comparison.only_now.empty());
  EXPECT_EQ(comparison.keys_only_before, 1u);
  EXPECT_EQ(comparison.keys_only_now, 1u);
  ASSERT_EQ(comparison.other_rows.size(), 1u);
  EXPECT_EQ(comparison.other_rows[0].detail, "9 rows of seed 1, was 4 rows of seed 1");
  EXPECT_EQ(comparison.compared, 3u);
  EXPECT_EQ(title(compare({of("a", 1)}, {of("b", 1)})), "nothing in common");
}

TEST(Comparisons, of_two_platforms_compare_and_say_so_and_times_do_not) {
  auto was = before(), now = after();
  for (Record& record : now) record.machine.libm = "musl";
  const Comparison comparison = compare(was, now);
  EXPECT_FALSE(comparison.one_platform);
  EXPECT_EQ(comparison.worse.size(), 3u);
  const std::string text = terminal_comparison(comparison, {"A", "B"});
  EXPECT_NE(text.find("Two platforms"), std::string::npos) << text;
  EXPECT_NE(text.find("Times are not compared"), std::string::npos);
  EXPECT_EQ(text.find("1000"), std::string::npos) << "a time";
}

TEST(Comparisons, refuse_a_key_that_is_there_twice) {
  auto twice = before();
  twice.push_back(twice[0]);
  EXPECT_THROW(compare(before(), twice), std::runtime_error);
}

TEST(Comparisons, markdown_has_at_most_60_lines) {
  const auto was = drawn_run(30, 8);
  auto now = was;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i].max_ulp) *now[i].max_ulp *= i % 2 ? 2 : 0.5;
    if (now[i].kind == "law" && i % 2) now[i].findings = {a_finding()};
    now[i].outcomes["flushed"] += i % 3;
  }
  const std::string text = markdown_comparison(compare(was, now), {"A", "B"});
  EXPECT_LE(std::ranges::count(text, '\n'), 60) << text;
  EXPECT_NE(text.find("## What got worse"), std::string::npos);
}

struct ComparedInChromium : PageInChromium {
  void show_comparison(const std::vector<Record>& was, const std::vector<Record>& now) {
    const auto in_hex = [](const std::string& witness) { return "row of " + witness; };
    write("compared.html", comparison_page(compare(was, now), {"<A>", "B"}, in_hex));
    browser.emplace(directory / "profile");
    browser->call("Page.navigate", {{"url", "file://" + (directory / "compared.html").string()}});
    browser->await("document.readyState === 'complete' && document.querySelector('h1') !== null");
  }
};

TEST_F(ComparedInChromium, page_lists_every_change_worst_first_and_opens_its_row) {
  show_comparison(before(), after());
  EXPECT_EQ(in_page("document.querySelector('h1').textContent"), "3 worse, 1 newly broken, 1 better, 1 as before");
  EXPECT_EQ(in_page("[...document.querySelectorAll('#worse tbody tr')].map((tr) => [3, 4, 5].map((i) => "
                    "tr.cells[i].textContent))"),
            Browser::Json({{"d/1024", "+2", "+2, 2 flushed"}, {"b/1024", "+2", "−9"}, {"a/1024", "+2", "+3"}}));
  in_page("document.querySelector('#worse details').open = true");
  const std::string shown = in_page("document.querySelector('#worse tbody').innerText");
  EXPECT_NE(shown.find("row of softmax:f32:d:n=1024:seed=1:index=1#5"), std::string::npos) << shown;
  EXPECT_NE(shown.find("softmax-audit replay softmax:f32:d:n=1024:seed=1:index=1 --target stable"), std::string::npos);
  EXPECT_EQ(in_page("document.querySelectorAll('#broken li').length"), 1);
  EXPECT_EQ(in_page("document.querySelectorAll('#mended, #only-before, #only-now').length"), 0);
  EXPECT_EQ(in_page("document.documentElement.scrollWidth <= window.innerWidth"), true);
}

TEST_F(ComparedInChromium, hostile_text_is_text) {
  auto was = hostile_records(), now = hostile_records();
  *now[0].max_ulp *= 2;
  show_comparison(was, now);
  EXPECT_EQ(in_page("document.querySelectorAll('img, script').length"), 0);
  EXPECT_EQ(in_page("document.querySelectorAll('#worse tbody tr').length"), 1);
}

}  // namespace
}  // namespace audit::reports
