#include "commands/unclaimed.hpp"

#include <gtest/gtest.h>

#include "bench/tally.hpp"
#include "reference/oracle.hpp"

namespace audit::commands {
namespace {

/// A softmax that claims nothing, or no more than `ulps`.
impls::Implementation target(double ulps = 0) {
  impls::Implementation made;
  made.name = "quiet";
  made.formats = {impls::f32};
  if (ulps > 0)
    made.claim.bounds = [ulps](const impls::Row& row, const impls::Format&) {
      return std::vector<impls::Bound>(row.x.size(), {0, 0, ulps});
    };
  return made;
}

/// What is added to the record of the law, of answers that have the first element so many ulps off.
std::vector<reports::Finding> found(const impls::Implementation& target, std::vector<std::pair<std::string, int>> off) {
  Unclaimed unclaimed;
  for (const auto& [id, ulps] : off) {
    const auto question = reference::rebuild(id);
    const auto exact = reference::certify(question.map, question.format, question.row);
    impls::Answer answer{0, exact.rounded, std::vector<bool>(exact.size(), true)};
    for (int i = 0; i < ulps; ++i) answer.y[0] = impls::next_up(question.format, answer.y[0]);
    unclaimed.seen()(target, question, exact, bench::judge(target, question, exact, answer));
  }
  reports::Record record;
  record.kind = "law";
  record.target = target.name;
  record.map = "softmax";
  record.format = "f32";
  record.family = "error within claim";
  Records records{record};
  unclaimed.report(records);
  return records[0].findings;
}

constexpr const char *of_two = "softmax:f32:row=0x0p+0,0x1p+0", *of_three = "softmax:f32:row=0x0p+0,0x1p+0,0x1p+0";

TEST(Unclaimed, ShowsTheShortestRowThatIsBeyondWhatIsExpected) {
  const auto findings = found(target(), {{of_three, 1000}, {of_two, 1000}, {of_three, 2000}});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].case_id, of_two);
  EXPECT_EQ(findings[0].element, 0U);
  EXPECT_NEAR(*findings[0].ulp, 1000, 1);
  EXPECT_LT(*findings[0].bound, 50);
}

TEST(Unclaimed, SaysNothingOfWhatIsExpectedAndNothingOfClaims) {
  EXPECT_TRUE(found(target(), {{of_two, 0}, {of_three, 3}}).empty());
  EXPECT_TRUE(found(target(8), {{of_two, 1000}}).empty()) << "the sweep holds it itself";
}

}  // namespace
}  // namespace audit::commands
