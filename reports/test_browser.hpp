#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace audit::reports {

/// A headless Chromium with one page, driven by the DevTools protocol over a pipe (--remote-debugging-pipe: JSON
/// messages that end in a zero byte, in on file descriptor 3, out on 4). Throws std::runtime_error when there is none,
/// a script throws, or an answer takes longer than 30 s.
class Browser {
 public:
  using Json = nlohmann::json;

  explicit Browser(const std::filesystem::path& profile) {
    std::array<int, 2> to{}, from{};
    if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const std::string directory = "--user-data-dir=" + profile.string();
    child_ = fork();
    if (child_ == 0) start(to[0], from[1], directory.c_str());
    close(to[0]);
    close(from[1]);
    to_ = to[1];
    from_ = from[0];
    signal(SIGPIPE, SIG_IGN);
    const Json target = call("Target.createTarget", {{"url", "about:blank"}});
    session_ = call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}})["sessionId"];
    for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable"}) call(domain);
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;
  ~Browser() {
    close(to_);
    close(from_);
    kill(-child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }

  /// Opens a file and waits until its scripts say that they are ready.
  void open(const std::filesystem::path& file) {
    call("Page.navigate", {{"url", "file://" + file.string()}});
    await("document.readyState === 'complete' && document.body.dataset.ready === 'true'");
  }

  /// The value of an expression, a promise awaited.
  Json evaluate(const std::string& expression) {
    const Json answer =
        call("Runtime.evaluate", {{"expression", expression}, {"awaitPromise", true}, {"returnByValue", true}});
    if (answer.contains("exceptionDetails")) throw std::runtime_error(answer["exceptionDetails"].dump());
    return answer["result"].value("value", Json());
  }

  void await(const std::string& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (evaluate(condition) != Json(true)) {
      if (std::chrono::steady_clock::now() > end) throw std::runtime_error("never became true: " + condition);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  /// Presses a key where the focus is: "Enter", "Tab", "Escape", "ArrowRight", "ArrowDown".
  void press(const std::string& key) {
    Json event{{"type", "keyDown"}, {"key", key}, {"code", key}};
    const std::map<std::string, int> codes{
        {"Tab", 9}, {"Enter", 13}, {"Escape", 27}, {"ArrowRight", 39}, {"ArrowDown", 40}};
    event["windowsVirtualKeyCode"] = codes.at(key);
    if (key == "Enter") event["text"] = "\r";
    call("Input.dispatchKeyEvent", event);
    event["type"] = "keyUp";
    event.erase("text");
    call("Input.dispatchKeyEvent", event);
  }

  /// Calls a method of the protocol.
  Json call(const std::string& method, Json parameters = Json::object()) {
    Json message{{"id", ++calls_}, {"method", method}, {"params", std::move(parameters)}};
    if (!session_.empty()) message["sessionId"] = session_;
    const std::string text = message.dump();
    if (write(to_, text.c_str(), text.size() + 1) < 0) throw std::runtime_error(no_chromium);
    while (true) {
      Json answer = next();
      if (answer.value("id", 0) != calls_) {
        events_.push_back(std::move(answer));
      } else if (answer.contains("error")) {
        throw std::runtime_error(method + ": " + answer["error"].dump());
      } else {
        return answer["result"];
      }
    }
  }

  /// What scripts threw, or the console holds.
  [[nodiscard]] std::vector<std::string> complaints() const {
    std::vector<std::string> all;
    for (const Json& event : events_) {
      const std::string method = event.value("method", "");
      if (method == "Runtime.exceptionThrown" || method == "Log.entryAdded" || method == "Runtime.consoleAPICalled") {
        all.push_back(event["params"].dump());
      }
    }
    return all;
  }

 private:
  static constexpr const char* no_chromium = "Chromium does not answer; `apt-get install chromium` brings it";

  [[noreturn]] static void start(int in, int out, const char* profile) {
    setpgid(0, 0);
    const int silence = ::open("/dev/null", O_RDWR);
    const int high_in = fcntl(in, F_DUPFD, 10), high_out = fcntl(out, F_DUPFD, 10);
    dup2(high_in, 3);
    dup2(high_out, 4);
    dup2(silence, 2);
    execlp("chromium", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
           "--no-first-run", "--remote-debugging-pipe", profile, nullptr);
    _exit(127);
  }

  Json next() {
    std::size_t end = 0;
    while ((end = buffer_.find('\0')) == std::string::npos) {
      pollfd waiting{from_, POLLIN, 0};
      std::array<char, 1 << 16> bytes{};
      const ssize_t got = poll(&waiting, 1, 30'000) == 1 ? read(from_, bytes.data(), bytes.size()) : 0;
      if (got <= 0) throw std::runtime_error(no_chromium);
      buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    Json message = Json::parse(buffer_.substr(0, end));
    buffer_.erase(0, end + 1);
    return message;
  }

  pid_t child_ = -1;
  int to_ = -1, from_ = -1, calls_ = 0;
  std::string session_, buffer_;
  std::vector<Json> events_;
};

}  // namespace audit::reports
