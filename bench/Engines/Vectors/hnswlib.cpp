// hnswlib on the workload that VectorsBench laid into FOLDER: hnswlib FOLDER DIMENSION M EF_CONSTRUCTION HIGH_ENOUGH EF,EF,... SCENARIO...
// Prints "build SECONDS", "bytes COUNT", and per scenario and ef "run SCENARIO EF QUERIES_PER_SECOND RECALL".
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>
#include "hnswlib/hnswlib.h"

template <typename T> std::vector<T> Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    std::vector<T> values(static_cast<size_t>(file.tellg()) / sizeof(T));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(values.data()), values.size() * sizeof(T));
    return values;
}

struct Allowed : hnswlib::BaseFilterFunctor {
    const std::vector<char>& flags;
    explicit Allowed(const std::vector<char>& flags) : flags(flags) {}
    bool operator()(hnswlib::labeltype row) override { return flags[row]; }
};

double Seconds() {
    return double(clock()) / CLOCKS_PER_SEC;
}

int main(int argc, char** argv) {
    const std::string folder = argv[1];
    const size_t dimension = atoi(argv[2]), count = 10;
    const auto rows = Read<float>(folder + "/rows.f32"), queries = Read<float>(folder + "/queries.f32");
    const size_t rowCount = rows.size() / dimension;
    hnswlib::InnerProductSpace space(dimension);
    hnswlib::HierarchicalNSW<float> index(&space, rowCount, atoi(argv[3]), atoi(argv[4]));
    double start = Seconds();
    for (size_t row = 0; row < rowCount; row++) index.addPoint(&rows[row * dimension], row);
    printf("build %.3f\nbytes %zu\n", Seconds() - start, index.indexFileSize());
    fflush(stdout);
    std::vector<size_t> widths;
    std::stringstream list(argv[6]);
    for (std::string width; std::getline(list, width, ',');) widths.push_back(std::stoul(width));
    for (int at = 7; at < argc; at++) {
        const std::string scenario = argv[at];
        const auto lowest = Read<float>(folder + "/" + scenario + ".lowest");
        const size_t queryCount = lowest.size();
        const auto flags = Read<char>(folder + "/" + scenario + ".allowed");
        Allowed filter(flags);
        hnswlib::BaseFilterFunctor* allowed = scenario.rfind("filter", 0) == 0 ? &filter : nullptr;
        if (scenario.rfind("deleted", 0) == 0)
            for (size_t row = 0; row < rowCount; row++) if (!flags[row]) index.markDelete(row);
        for (size_t ef : widths) {
            index.setEf(ef);
            double best = 1e9, recall = 0;
            for (int pass = 0; pass < 3; pass++) {
                size_t found = 0;
                start = Seconds();
                for (size_t query = 0; query < queryCount; query++) {
                    auto result = index.searchKnn(&queries[query * dimension], count, allowed);
                    for (; !result.empty(); result.pop()) found += 1 - result.top().first >= lowest[query];
                }
                best = std::min(best, Seconds() - start);
                recall = std::min(1.0, double(found) / (queryCount * count));
            }
            printf("run %s %zu %.1f %.5f\n", scenario.c_str(), ef, queryCount / best, recall);
            fflush(stdout);
            if (recall > atof(argv[5])) break;
        }
    }
}
