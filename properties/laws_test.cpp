#include "properties/laws.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cfenv>
#include <set>

#include "properties/check.hpp"
#include "properties/expected.hpp"
#include "properties/finding_text.hpp"

namespace audit::properties {
namespace {

struct Pair {
  const impls::Implementation* target;
  const Law* law;
};

std::vector<Pair> pairs() {
  std::vector<Pair> made;
  for (const auto& target : impls::catalogue())
    for (const Law& law : laws())
      if (target.absent.empty() && law.holds_for(target.map)) made.push_back({&target, &law});
  return made;
}

std::string identifier(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return text;
}

/// What googletest prints instead of the bytes.
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.target->name << " under \"" << pair.law->name << '"'; }

/// Which laws each target of the catalogue keeps, on rows of one fixed seed.
class Keeps : public testing::TestWithParam<Pair> {};

TEST_P(Keeps, InEveryFormat) {
  const auto [target, law] = GetParam();
  for (const impls::Format& format : target->formats) {
    const auto record = try_law(*target, format, *law, 100, 1);
    for (const auto& finding : record.findings) ADD_FAILURE() << in_words(finding, target->name);
    EXPECT_TRUE(record.rows > 0 || !record.absent.empty()) << "vacuous in " << format.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Keeps, testing::ValuesIn(pairs()), [](const auto& parameters) {
  return identifier(parameters.param.target->name) + "_" + identifier(std::string(parameters.param.law->name));
});

/// An honest target stays honest when it claims nothing: what is then expected holds for it, too, under every law.
class Unclaimed : public testing::TestWithParam<const char*> {};

TEST_P(Unclaimed, KeepsWhatIsExpected) {
  const impls::Implementation* known = impls::find(GetParam());
  ASSERT_NE(known, nullptr);
  impls::Implementation target = *known;
  target.claim.bounds = {};
  for (const Law& law : laws()) {
    if (!law.holds_for(target.map)) continue;
    const int rows = law.name == "error within claim" ? 300 : 80;
    for (const impls::Format& format : target.formats)
      for (const auto& finding : try_law(target, format, law, rows, 2).findings)
        ADD_FAILURE() << in_words(finding, target.name);
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Unclaimed,
                         testing::Values("stable", "online", "log_softmax_log1p", "logsumexp_log1p", "sparsemax_sort",
                                         "gumbel_softmax", "entmax15_sort", "entmax15_bisect", "sparsemax_vjp",
                                         "cross_entropy_vjp"),
                         [](const auto& parameters) { return std::string(parameters.param); });

TEST(Laws, HaveDifferentNamesAndSayEverything) {
  std::set<std::string_view> names;
  for (const Law& law : laws()) {
    EXPECT_TRUE(names.insert(law.name).second) << law.name;
    EXPECT_FALSE(law.statement.empty() || law.source.empty() || law.slack.empty()) << law.name;
  }
}

// A claim may leave out what is special, and its law is absent then; one that leaves out everything checks nothing.
TEST(TryLaw, IsAbsentWhereTheClaimLeavesOutTheSpecialCase) {
  impls::Implementation target = *impls::find("stable");
  const auto law_named = [](std::string_view name) { return *std::ranges::find(laws(), name, &Law::name); };
  const auto tried = [&](std::string_view law) { return try_law(target, impls::f32, law_named(law), 50, 1); };
  target.claim.domain = {"rows of two entries or more",
                         [](const impls::Row& row, const impls::Format&) { return row.x.size() > 1; }};
  EXPECT_EQ(tried("single entry").absent, "its claim speaks of rows of two entries or more");
  EXPECT_EQ(tried("normalization").absent, "");
  EXPECT_GT(tried("normalization").rows, 0U);
  target.claim.domain.contains = [](const impls::Row&, const impls::Format&) { return false; };
  EXPECT_EQ(tried("normalization").rows, 0U);
  EXPECT_EQ(tried("normalization").absent, "") << "vacuous";
}

/// Crashes on rows of five entries or more where one is above 0, and counts how often.
impls::Implementation crashing(int& crashes, bool survived) {
  impls::Implementation target = *impls::find("stable");
  const auto answer = target.prepare;
  target.prepare = [=, &crashes](const impls::Format& format, const impls::Shape& shape) -> impls::Kernel {
    return [=, &crashes, kernel = answer(format, shape)](const impls::Call& call) {
      const auto* x = static_cast<const float*>(call.x);
      if (shape.n < 5 || std::none_of(x, x + shape.n, [](float v) { return v > 0; })) return kernel(call);
      ++crashes;
      impls::Accident met(impls::Accident::Kind::crashed, "on purpose");
      met.survived = survived;
      throw met;
    };
  };
  return target;
}

TEST(TryLaw, MakesTheRowOfAnAccidentSmall) {
  const Law& law = *std::ranges::find(laws(), "error within claim", &Law::name);
  int crashes = 0;
  const auto cheap = try_law(crashing(crashes, true), impls::f32, law, 50, 1);
  ASSERT_EQ(cheap.findings.size(), 1U);
  EXPECT_EQ(cheap.findings[0].law, "crashed");
  EXPECT_EQ(cheap.findings[0].case_id, "softmax:f32:row=4@0x0p+0,0x1p+0");
  EXPECT_EQ(cheap.outcomes.at("crashed"), 1U);
  crashes = 0;
  EXPECT_EQ(try_law(crashing(crashes, false), impls::f32, law, 50, 1).findings.size(), 1U);
  EXPECT_LE(crashes, 8) << "each costs a process";
}

TEST(TryLaws, GivesTheSameRecordsOnAnyNumberOfThreads) {
  std::vector<const impls::Implementation*> targets{impls::find("stable"), impls::find("naive")};
  const auto records = try_laws(targets, 5, 3, {});
  std::vector<reports::Record> one_by_one;
  for (const auto* target : targets)
    for (const impls::Format& format : target->formats)
      for (const Law& law : laws())
        if (law.holds_for(target->map)) one_by_one.push_back(try_law(*target, format, law, 5, 3));
  ASSERT_EQ(records.size(), one_by_one.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].family, one_by_one[i].family);
    EXPECT_EQ(records[i].rows, one_by_one[i].rows);
  }
}

TEST(TryLaws, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  EXPECT_TRUE(try_laws({impls::find("stable")}, 5, 1, {}, source.get_token()).empty());
}

/// A target of f32 whose results where the caller rounds up are `spoiled(y)`, and what "caller's modes" finds.
std::optional<reports::Finding> found_in_modes(const char* name, std::vector<double> x, float (*spoiled)(float)) {
  impls::Implementation target = *impls::find(name);
  target.prepare = [=, answer = target.prepare](const impls::Format& format,
                                                const impls::Shape& shape) -> impls::Kernel {
    return [=, kernel = answer(format, shape)](const impls::Call& call) {
      const int status = kernel(call);
      auto* y = static_cast<float*>(call.y);
      if (std::fegetround() == FE_UPWARD) std::transform(y, y + call.shape.outer * call.shape.n, y, spoiled);
      return status;
    };
  };
  const auto question = reference::spelled_out(target.map, impls::f32, {std::move(x), 1, {}});
  for (const auto& [law, finding] : hold(target, question))
    if (law->name == "caller's modes") return finding;
  ADD_FAILURE() << "not asked";
  return std::nullopt;
}

/// 0.25 for 1/3: 2^25/12 ulps, not a whole number of them.
TEST(CallersModes, TellTheErrorAgainstTheExactAnswer) {
  const auto finding = found_in_modes("stable", {0, 0, 0}, [](float) { return 0.25F; });
  ASSERT_TRUE(finding && finding->ulp);
  EXPECT_NEAR(*finding->ulp, -0x1p25 / 12, 0.01);
}

/// A gradient of operands that are all subnormal, one by one.
TEST(CallersModes, MayFlushEveryOperandOfASum) {
  const auto question = reference::rebuild(
      "log_softmax_vjp:f16:row=4@0x0p+0,0x1p+4,11@0x0p+0:operand=-0x1.8p-16,3@-0x1.b8p-16,0x0p+0,11@-0x1.b8p-16");
  for (const auto& [law, finding] : hold(*impls::find("log_softmax_vjp"), question))
    if (finding) ADD_FAILURE() << in_words(*finding, "log_softmax_vjp");
}

/// A compensated sum may owe the other half to steps that are exact to nearest alone, whatever it claims.
TEST(CallersModes, LeaveMapsWithoutExponentialsHalfOfTheirDigitsToo) {
  EXPECT_FALSE(found_in_modes("sparsemax_sort", {0, -0.5}, [](float y) { return y + 0x1p-11F; }));
  EXPECT_TRUE(found_in_modes("sparsemax_sort", {0, -0.5}, [](float y) { return y + 0x1p-7F; }));
}

/// Two exponentials of which each is below anything that MPFR has, and the sign of their difference what matters.
TEST(Hold, SaysNothingOfWhatIsUndecided) {
  const auto question = reference::rebuild(
      "softmax_vjp:bf16:row=0x0p+0,0x1p+88,0x0p+0,-0x1p+82,0x1p+88:operand=0x1p+2,0x0p+0,-0x1p+2,0x1p+0,-0x1p+0");
  EXPECT_FALSE(reference::certify(question.map, question.format, question.row).undecided.empty());
  EXPECT_TRUE(hold(*impls::find("softmax_vjp"), question).empty());
}

}  // namespace
}  // namespace audit::properties
