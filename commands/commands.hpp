#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace audit::commands {

/// What the command line says; each subcommand reads its own.
struct Options {
  std::string effort = "quick";
  std::string out = "softmax-audit-out";
  std::uint64_t seed = 1;
  std::vector<std::uint64_t> seeds{1};  ///< of check
  std::string filter;
  std::string shard = "1/1";
  bool resume = false;
  std::vector<std::string> targets;
  std::string map;
  std::string format;
  std::vector<std::size_t> lengths;
  double seconds = 10;
  double timeout = 30;
  std::string versus;
  double threshold = 2;  ///< per cent
  std::string symbol;
  std::string signature;
  std::string temperature = "1";
  std::string operand;
  std::string target;
  std::string tree;
  bool mean = false;
  std::vector<std::string> inputs;
  bool as_json = false;
  std::string json;
  std::string reports;  ///< the directory of check's reports; empty: none
  std::string case_id;
  std::vector<std::string> directories;
  std::string baseline;
  std::string candidate;
  std::string junit;
  std::string markdown;
  bool update = false;
  std::optional<std::string> because;
  std::string topic = "targets";
};

/// The question could not be asked: what, where, and what to do, in one line. The program ends with status 2.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The work was stopped by a signal; what() says what is left of it. The program ends with status 130.
struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Each does what interfaces.md section 1 says of its name, and returns the exit status: 0 all holds, 1 something falls
/// short. Throws Refused, Stopped, and the rooms' own exceptions for bad input.
int run(const Options& options);
int check(const Options& options);
int oracle(const Options& options);
int hunt(const Options& options);
int speed(const Options& options);
int versus(const Options& options);
int replay(const Options& options);
int merge(const Options& options);
int gate(const Options& options);
int report(const Options& options);
int peers(const Options& options);
int list(const Options& options);

}  // namespace audit::commands
