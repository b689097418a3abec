// The shape of a mesh of one rank, as Grid has it, and the fixed-point particles on it.
#pragma once

// Parameters of a kernel that describe a grid, and what they are called with.
#define GRID(g) int g##nx, int g##ny, int g##nz, int g##haloX, int g##haloY
#define MAKE_GRID(g) {g##nx, g##ny, g##nz, g##haloX, g##haloY}

struct Grid {
  int nx, ny, nz, haloX, haloY;
};

FN int floor_mod(int cell, int cells) {
  if ((u32) cell < (u32) cells)
    return cell;
  int rest = cell % cells;
  return rest < 0 ? rest + cells : rest;
}

// The row of a cell on an axis: in the halo if there is one, else wrapped around as often as it must.
FN int row(int cell, int cells, int halo) {
  return halo > 0 ? cell + halo : floor_mod(cell, cells);
}

// The row after a row.
FN int next_row(int at, int cells, int halo) {
  at++;
  return halo == 0 && at == cells ? 0 : at;
}

FN int extent_y(const Grid &g) {
  return g.ny + 2 * g.haloY;
}

FN int line(const Grid &g, int i, int j) {
  return ((i + g.haloX) * extent_y(g) + j + g.haloY) * g.nz;
}

FN int cell(const Grid &g, int i, int j, int k) {
  return (row(i, g.nx, g.haloX) * extent_y(g) + row(j, g.ny, g.haloY)) * g.nz + floor_mod(k, g.nz);
}

// The cell of a launch with z along x, lines along y, planes along z.
FN int cell_k() {
  return (int) (blockIdx.x * blockDim.x + threadIdx.x);
}
