#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace audit::reports {

/// A test with a directory of its own, gone afterwards. No two tests share one, not even two runs of the same test at
/// the same time.
class TestWithFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
  }
  void TearDown() override { std::filesystem::remove_all(directory); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(directory / name, std::ios::binary).rdbuf();
    return out.str();
  }

  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) /
      ("softmax-audit-test-" + std::to_string(getpid()) + "-" +
       testing::UnitTest::GetInstance()->current_test_info()->name());
};

}  // namespace audit::reports
