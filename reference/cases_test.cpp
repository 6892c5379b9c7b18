#include "reference/cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "reference/npy.hpp"

namespace audit::reference {
namespace {

using impls::f32;
using impls::f64;
using impls::Map;

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double p, double q) {
    return std::bit_cast<std::uint64_t>(p) == std::bit_cast<std::uint64_t>(q) || (std::isnan(p) && std::isnan(q));
  });
}

TEST(Cases, EveryDrawnCaseIsRebuiltFromItsTextAndFromItsRowSpelledOut) {
  for (const auto& format : impls::formats)
    for (const auto& map : impls::maps)
      for (const Family& family : families()) {
        const std::size_t n = family.fixed_n ? family.fixed_n : 17;
        const Case c = draw(map.map, format, family.name, n, 5, 3);
        ASSERT_EQ(impls::length(c.map, c.row), n) << id(c);
        for (const double x : c.row.x) ASSERT_EQ(impls::round_to(format, x), x) << id(c);
        for (const double x : c.row.operand) ASSERT_EQ(impls::round_to(format, x), x) << id(c);
        for (const Case& same : {rebuild(id(c)), rebuild(id(spelled_out(c.map, c.format, c.row)))}) {
          ASSERT_TRUE(same_bits(same.row.x, c.row.x)) << id(c);
          ASSERT_TRUE(same_bits(same.row.operand, c.row.operand)) << id(c);
          ASSERT_EQ(same.row.temperature, c.row.temperature);
          ASSERT_EQ(same.row.target, c.row.target);
          ASSERT_EQ(same.row.tree, c.row.tree);
          ASSERT_EQ(same.map, c.map);
          ASSERT_EQ(same.format, c.format);
        }
      }
}

TEST(Cases, SpecialValuesAndRepetitionsInText) {
  const Case c = rebuild("gumbel_softmax:f32:row=3@-0x0p+0,-inf,nan,0x1.8p+1:temperature=0x1p-1:operand=6@0x1p+0");
  ASSERT_EQ(c.row.x.size(), 6);
  EXPECT_TRUE(std::signbit(c.row.x[0]));
  const std::string zeros = "softmax:f32:row=2@0x0p+0,-0x0p+0,0x0p+0";
  EXPECT_EQ(id(rebuild(zeros)), zeros) << "0 and -0 are no repetition";
  const std::string nans = "softmax:f32:row=2@nan,-nan,nan";
  EXPECT_EQ(id(rebuild(nans)), nans) << "NaN has a sign";
  EXPECT_EQ(c.row.x[3], -INFINITY);
  EXPECT_TRUE(std::isnan(c.row.x[4]));
  EXPECT_EQ(c.row.temperature, 0.5);
  EXPECT_EQ(id(c), "gumbel_softmax:f32:row=3@-0x0p+0,-inf,nan,0x1.8p+1:temperature=0x1p-1:operand=6@0x1p+0");
}

TEST(Cases, TargetsAndTreesInText) {
  for (const char* text :
       {"cross_entropy:f16:row=0x1p+0,-inf:target=1", "hierarchical_softmax:f32:row=inf,-inf:tree=1,-1,-3,-2",
        "hierarchical_softmax:f32:row=", "softmax:f32:row=", "cross_entropy:f32:row=:target=0",
        "hierarchical_softmax:f8e4m3:row=0x1.cp+8"})
    EXPECT_EQ(id(rebuild(text)), text);
  EXPECT_EQ(rebuild("cross_entropy:f16:row=0x1p+0,-inf:target=1").row.target, std::vector<std::int64_t>{1});
}

TEST(Cases, BadTextsAreRefusedInOneLine) {
  for (const char* text : {"",
                           "softmax",
                           "softmax:f32",
                           "softmix:f32:row=0x1p+0",
                           "softmax:f31:row=0x1p+0",
                           "softmax:f32:row=one",
                           "softmax:f32:row=0x1p+0,",
                           "softmax:f32:row=0.1",
                           "softmax:f32:row=99999999999@0x0p+0",
                           "softmax:f32:row=0x1p+0:temperature=0x0p+0",
                           "softmax:f32:row=0x1p+0:temperature=nan",
                           "logsumexp:f32:row=0x1p+0:temperature=0x1p+1",
                           "softmax:f32:row=0x1p+0:operand=0x1p+0",
                           "gumbel_softmax:f32:row=0x1p+0",
                           "softmax_vjp:f32:row=0x1p+0,0x0p+0:operand=0x1p+0",
                           "log_softmax_vjp:f32:row=0x1p+0:operand=0x1p+0:temperature=0x1p+1",
                           "cross_entropy:f32:row=0x1p+0",
                           "cross_entropy:f32:row=0x1p+0:target=",
                           "cross_entropy:f32:row=0x1p+0:target=0,0",
                           "cross_entropy:f32:row=0x1p+0:target=1",
                           "cross_entropy:f32:row=0x1p+0:target=-1",
                           "cross_entropy:f32:row=0x1p+0:target=0x0p+0",
                           "softmax:f32:row=0x1p+0:target=0",
                           "softmax:f32:row=0x1p+0:tree=-1,-2",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=-1",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=-1,-1",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=-1,-3",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=-1,1",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=0,-1",
                           "hierarchical_softmax:f32:row=0x1p+0:tree=-1,-2147483648",
                           "hierarchical_softmax:f32:row=2@0x1p+0:tree=-1,-2,1,-3",
                           "softmax:f8e4m3:row=-inf",
                           "softmax:f8e4m3:row=0x1.ep+8",
                           "softmax:f32:normal:n=0:seed=1:index=0",
                           "hierarchical_softmax:f32:normal:n=0:seed=1:index=0",
                           "softmax:f32:normal:n=4:seed=1",
                           "softmax:f32:normal:n=4:seed=1:index=-1",
                           "softmax:f32:nobody:n=4:seed=1:index=0",
                           "softmax:f32:real_minilm_attn_n3:n=4:seed=1:index=0",
                           "softmax:f32:real_minilm_attn_n3:n=3:seed=1:index=864"}) {
    try {
      rebuild(text);
      ADD_FAILURE() << text << " was taken";
    } catch (const BadCase& bad) {
      EXPECT_EQ(std::string(bad.what()).find('\n'), std::string::npos);
      EXPECT_GT(std::string(bad.what()).size(), 10U);
    }
  }
}

TEST(Families, ARowDependsOnWhatNamesItAndOnNothingElse) {
  const auto x = [](const char* family, std::size_t n, std::uint64_t seed, std::uint64_t index) {
    return draw(Map::softmax, f32, family, n, seed, index).row.x;
  };
  EXPECT_EQ(x("normal", 8, 1, 7), x("normal", 8, 1, 7));
  EXPECT_EQ(x("normal", 8, 1, 7), draw(Map::log_softmax, f32, "normal", 8, 1, 7).row.x)
      << "every map asks the same row";
  const std::set<std::vector<double>> different{x("normal", 8, 1, 7), x("normal", 8, 2, 7), x("normal", 8, 1, 8),
                                                x("normal10", 8, 1, 7)};
  EXPECT_EQ(different.size(), 4);
  EXPECT_NE(x("normal", 8, 1, 7)[0], x("normal", 9, 1, 7)[0]);
}

// The same row on every machine: figures from numerics of this file's own making would show nothing, so these are the
// row as first drawn; a change of them changes every record.
TEST(Families, AreFrozen) {
  EXPECT_EQ(id(spelled_out(Map::softmax, f32, draw(Map::softmax, f32, "normal10", 3, 1, 0).row)),
            "softmax:f32:row=0x1.97ccdap+3,0x1.1e206cp+3,-0x1.405f92p+2");
}

/// Significand bits in use: 1 for a power of two.
int significand_bits(double x) {
  const auto fraction = std::bit_cast<std::uint64_t>(x) & ((std::uint64_t{1} << 52) - 1);
  return fraction == 0 ? 1 : 53 - std::countr_zero(fraction);
}

// numerics.md section 4, the trap: on a coarse grid x - max is exact and its error unseen.
TEST(Families, SignificandsAreFull) {
  for (const char* family : {"normal", "normal10", "wide", "binades"}) {
    const auto x = draw(Map::softmax, f64, family, 4096, 1, 0).row.x;
    const auto full = std::ranges::count_if(x, [](double v) { return significand_bits(v) >= 52; });
    EXPECT_GT(full, 2600) << family << ": of uniform fractions three in four have one of their last two bits set";
    const double top = *std::ranges::max_element(x);
    const auto inexact =
        std::ranges::count_if(x, [&](double v) { return static_cast<long double>(v) - top != v - top; });
    EXPECT_GT(inexact, 400) << family;
  }
}

TEST(Families, HoldWhatTheirNamesSay) {
  const auto row = [](const char* family, std::size_t n, std::uint64_t index) {
    return draw(Map::softmax, f32, family, n, 1, index).row.x;
  };
  for (std::uint64_t i = 0; i < 30; ++i) {
    for (const double x : row("negative", 65, i)) EXPECT_LT(x, 0);
    for (const double x : row("offset_down", 65, i)) EXPECT_LT(x, -1);
    for (const double x : row("offset_up", 65, i)) EXPECT_GT(x, 1);
    EXPECT_TRUE(std::ranges::is_sorted(row("rising", 65, i)));
    const auto one = row("masked_all_but_one", 65, i);
    EXPECT_EQ(std::ranges::count(one, -INFINITY), 64);
    const auto block = row("masked_first_block", 65, i);
    EXPECT_EQ(block.front(), -INFINITY);
    EXPECT_NE(block.back(), -INFINITY);
    const auto last = row("outlier_last", 65, i);
    EXPECT_EQ(std::ranges::max_element(last) - last.begin(), 64);
  }
}

std::string npy(const std::string& dictionary, const std::string& data) {
  std::string header = dictionary;
  header.resize(118, ' ');
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + std::string(1, '\0') + header + data;
}

TEST(Npy, ReadsFloatsExactly) {
  const Array a = parse_npy(
      npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", std::string("\0\0\x80\x3f\0\0\x80\xff", 8)),
      "a");
  EXPECT_EQ(a.rows(), 1);
  EXPECT_EQ(a.row(0), (std::vector<double>{1, -INFINITY}));
  const Array h =
      parse_npy(npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", std::string("\x01\x00", 2)), "h");
  EXPECT_EQ(h.values[0], 0x1p-24);
}

TEST(Npy, ReadsIntegersExactly) {
  const Integers a = parse_npy_integers(
      npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2, 1), }", std::string("\x01\0\0\0\xfe\xff\xff\xff", 8)),
      "a");
  EXPECT_EQ(a.values, (std::vector<std::int64_t>{1, -2}));
  EXPECT_EQ(a.shape, (std::vector<std::size_t>{2, 1}));
  const Integers b = parse_npy_integers(npy("{'descr': '<i8', 'fortran_order': False, 'shape': (), }",
                                            std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8)),
                                        "b");
  EXPECT_EQ(b.values, std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::max()});
  for (const char* type : {"<f8", "<u8", ">i8", "|i1"})
    EXPECT_THROW(
        parse_npy_integers(
            npy(std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (1,), }", "12345678"), "c"),
        BadNpy);
}

TEST(Npy, RefusesEverythingElseInOneLine) {
  const std::string good = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }";
  for (const std::string& bytes :
       {std::string(), std::string("PK\3\4"), std::string("\x93NUMPY"), npy(good, ""), npy(good, "1234567"),
        npy(good, "123456789"), npy("{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }", "12345678"),
        npy("{'descr': '<f8', 'fortran_order': True, 'shape': (1,), }", "12345678"), npy("{}", "12345678"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", ""),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", ""),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "12345678"),
        npy(good, "12345678").substr(0, 60)}) {
    try {
      parse_npy(bytes, "x.npy");
      ADD_FAILURE() << bytes.substr(0, 80) << " was taken";
    } catch (const BadNpy& bad) {
      EXPECT_EQ(std::string(bad.what()).find("x.npy: "), 0U);
      EXPECT_EQ(std::string(bad.what()).find('\n'), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace audit::reference
