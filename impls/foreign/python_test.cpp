#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "impls/catalogue.hpp"

namespace audit::impls {
namespace {

class PythonTargets : public ::testing::Test {
 protected:
  void SetUp() override { setenv("SOFTMAX_AUDIT_PYTHON", PYTHON_WITH_NUMPY, 1); }
};

std::string in(const std::string& file) { return "python:" + std::string(TESTING_DIRECTORY) + "/" + file; }
std::string honest(const std::string& function) { return in("honest.py") + ":" + function; }
std::string broken(const std::string& function) { return in("broken.py") + ":" + function; }

Implementation the_one(const std::string& target) {
  auto loaded = load(target, {});
  EXPECT_EQ(loaded.size(), 1U);
  return loaded.at(0);
}

/// The line that says why a target cannot be loaded, after its name.
std::string refusal(const std::string& target) {
  try {
    load(target, {});
  } catch (const std::runtime_error& error) {
    const std::string line = error.what(), owner = target.substr(0, target.rfind(".py:") + 3) + ": ";
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    return line.starts_with(owner) ? line.substr(owner.size()) : line;
  }
  return "(loaded)";
}

std::string accident(const Implementation& target, std::size_t n) {
  try {
    ask(target, f32, {.x = std::vector<double>(n, 1.0)});
  } catch (const Accident& told) {
    EXPECT_EQ(told.kind, Accident::Kind::crashed);
    return told.what();
  }
  return "(answered)";
}

/// In f64, to within 1e-14.
bool gives(const Implementation& target, const Row& row, const std::vector<double>& want) {
  const auto got = ask(target, f64, row).y;
  return std::ranges::equal(got, want, [](double a, double b) { return std::abs(a - b) < 1e-14; });
}

bool answers(const Implementation& target) {
  return ask(target, f32, {.x = {0, 0}}).y == std::vector<double>{0.5, 0.5};
}

TEST_F(PythonTargets, AreCalledAndSayWhatTheyAre) {
  const auto softmax = the_one(honest("softmax"));
  EXPECT_EQ(softmax.name, honest("softmax"));
  EXPECT_EQ(softmax.version, "honest 1.2.3");
  EXPECT_EQ(softmax.map, Map::softmax);
  EXPECT_EQ(softmax.formats, (std::vector{f64, f32}));
  EXPECT_TRUE(answers(softmax));
  EXPECT_TRUE(gives(softmax, {.x = {0, std::log(3)}}, {0.25, 0.75}));

  const auto logarithm = the_one(honest("log_softmax"));
  EXPECT_EQ(logarithm.map, Map::log_softmax);
  EXPECT_EQ(logarithm.formats, std::vector{f32});

  const auto sum = the_one(honest("logsumexp"));  // known by its name alone
  EXPECT_EQ(sum.map, Map::logsumexp);
  EXPECT_TRUE(gives(sum, {.x = {0, 0}}, {std::log(2)}));
}

TEST_F(PythonTargets, AreGivenTheAxisTheTemperatureAndWhatElseTheMapTakes) {
  EXPECT_TRUE(answers(the_one(honest("along"))));  // along the first axis it is 1, 1
  const Row warm{.x = {0, 3 * std::log(3)}, .temperature = 3};
  EXPECT_TRUE(gives(the_one(honest("tempered")), warm, {0.25, 0.75}));
  EXPECT_NE(ask(the_one(honest("softmax")), f64, warm).status, 0);  // not supported
  EXPECT_TRUE(gives(the_one(honest("gradient")), {.x = {0, 0}, .operand = {1, 3}}, {-0.5, 0.5}));
  EXPECT_TRUE(gives(the_one(honest("losses")), {.x = {0, 8}, .target = {0}}, {8 + std::log1p(std::exp(-8))}));
}

TEST_F(PythonTargets, OfAModuleAreThoseThatSayWhatTheyAre) {
  std::vector<std::string> names;
  for (const auto& target : load(in("honest.py"), {})) names.push_back(target.name);
  EXPECT_EQ(names, (std::vector{honest("log_softmax"), honest("gradient"), honest("losses")}));
}

TEST_F(PythonTargets, ThatCannotBeAuditedAreRefusedInALine) {
  EXPECT_EQ(refusal("python:"), "python:: names no module; give python:MODULE:FUNCTION or python:FILE.py:FUNCTION");
  EXPECT_EQ(refusal(in("nowhere.py") + ":softmax"), "there is no such file");
  EXPECT_TRUE(refusal("python:no_such_module:softmax")
                  .starts_with("python:no_such_module: cannot be imported (ModuleNotFoundError: No module named "
                               "'no_such_module'); install it for /"));
  EXPECT_TRUE(
      refusal(in("imports_what_is_not_there.py") + ":softmax")
          .starts_with("cannot be imported (ModuleNotFoundError: No module named 'a_library_that_nobody_has')"));
  EXPECT_TRUE(refusal(in("no_python.py") + ":softmax").starts_with("cannot be imported (SyntaxError: "));
  EXPECT_EQ(refusal(honest("softmin")), "has no function 'softmin'; it has log_softmax, gradient, losses");
  EXPECT_EQ(refusal(broken("number")), "has no function 'number'; it has of_no_format");
  EXPECT_EQ(
      refusal(broken("of_no_map")),
      "of_no_map.map is 'softplus'; say one of softmax, log_softmax, logsumexp, cross_entropy, sparsemax, "
      "gumbel_softmax, hierarchical_softmax, softmax_vjp, log_softmax_vjp, entmax15, sparsemax_vjp, cross_entropy_vjp");
  EXPECT_EQ(refusal(broken("of_no_format")), "of_no_format.formats has 'f80'; say some of f64, f32, f16, bf16");
}

TEST_F(PythonTargets, ThatAnswerNoSmallRowAreRefusedInALine) {
  EXPECT_EQ(refusal(broken("raises")), "raises raises ValueError: no softmax today for a f64 array of shape (2, 3)");
  EXPECT_EQ(refusal(broken("exits")), "exits raises SystemExit: 3 for a f64 array of shape (2, 3)");
  EXPECT_EQ(refusal(broken("flat")), "flat returns shape (6,) for x of shape (2, 3); return (2, 3)");
  EXPECT_EQ(refusal(broken("widens")),
            "widens returns float64 for float32; return the type of x, or say in widens.formats which it takes");
  EXPECT_EQ(refusal(broken("lists")), "lists returns list; return a NumPy array");
}

TEST_F(PythonTargets, ThatFailOnARowAreAnAccidentAndAskedAgain) {
  const auto check = [](const std::string& function, const std::string& what) {
    const auto target = the_one(broken(function));
    EXPECT_EQ(accident(target, 5), what);
    EXPECT_TRUE(answers(target)) << function;
  };
  check("raises_on_long_rows", "MemoryError: 5 are too many");
  check("shortens_long_rows",
        "TypeError: shortens_long_rows returns shape (1, 4) for x of shape (1, 5); return (1, 5)");
  check("writes_its_input", "ValueError: assignment destination is read-only");
  check("aborts_on_long_rows", "SIGABRT");
}

TEST_F(PythonTargets, NeedAPythonWithNumPy) {
  setenv("SOFTMAX_AUDIT_PYTHON", "/nowhere/python3", 1);
  EXPECT_EQ(refusal(honest("softmax")),
            "needs /nowhere/python3, which cannot be run (No such file or directory); install python3, or name another "
            "by SOFTMAX_AUDIT_PYTHON");
  setenv("SOFTMAX_AUDIT_PYTHON", TESTING_DIRECTORY "/python_without_numpy", 1);
  EXPECT_TRUE(refusal(in("nothing.py") + ":softmax").starts_with("needs NumPy (ModuleNotFoundError: "));
}

}  // namespace
}  // namespace audit::impls
