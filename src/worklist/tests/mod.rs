mod ageing;
mod load;
mod model;
mod order;
mod store;
