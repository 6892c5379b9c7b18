// Python targets from outside.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "commands/program.hpp"

namespace audit::commands {
namespace {

class Python : public Program {
 protected:
  void SetUp() override {
    Program::SetUp();
    setenv("SOFTMAX_AUDIT_PYTHON", PYTHON_WITH_NUMPY, 1);
    for (const char* name : {"honest.py", "broken.py"})
      std::filesystem::copy_file(SOURCES + std::string("/impls/foreign/testing/") + name, directory / name);
  }
};

TEST_F(Python, AnHonestFunctionKeepsEveryLaw) {
  const auto audited = run("run --target python:honest.py:softmax --filter ':f32:.*:n=(0|3)$'");
  EXPECT_EQ(audited.status, 0) << audited.err;
  EXPECT_NE(audited.out.find("verdict: all holds"), std::string::npos) << audited.out;
  const auto replayed = run("replay softmax:f32:row=0,0 --target python:honest.py:softmax");
  EXPECT_EQ(replayed.status, 0) << replayed.err;
  EXPECT_NE(replayed.out.find("0x1p-1"), std::string::npos) << replayed.out;
}

TEST_F(Python, WhatRaisesIsAFindingWithItsRow) {
  const auto audited = run("run --target python:broken.py:raises_on_long_rows --filter ':f32:normal:n=[35]$'");
  EXPECT_EQ(audited.status, 1) << audited.err;
  const std::string report = read("softmax-audit-out/report.md");
  EXPECT_NE(report.find("MemoryError: 5 are too many"), std::string::npos) << report;
  EXPECT_NE(report.find("`softmax-audit replay softmax:f32:normal:n=5:seed=1:index=0 --target "
                        "python:broken.py:raises_on_long_rows`"),
            std::string::npos)
      << report;
}

TEST_F(Python, WhatCannotBeAuditedIsOneLineAndStatus2) {
  for (const char* target : {"python:broken.py:raises", "python:broken.py:flat", "python:broken.py:widens",
                             "python:broken.py:nobody", "python:nowhere.py:softmax", "python:no_such_module:softmax"}) {
    const auto refused = run(std::string("check ") + target);
    EXPECT_EQ(refused.status, 2) << target;
    EXPECT_TRUE(refused.err.starts_with("softmax-audit: python:")) << refused.err;
    EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
    EXPECT_TRUE(refused.out.empty()) << refused.out;
  }
}

TEST_F(Python, PeersWithoutAnyLibraryAreRefused) {
  setenv("SOFTMAX_AUDIT_PYTHON", SOURCES "/impls/foreign/testing/python_without_numpy", 1);
  const auto refused = run("peers --out peers");
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.err.find("none of the libraries can be audited; PyTorch: needs NumPy"), std::string::npos)
      << refused.err;
  EXPECT_TRUE(std::filesystem::is_empty(directory / "peers"));
}

}  // namespace
}  // namespace audit::commands
