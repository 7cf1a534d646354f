/**
 * Who may reach what: every root field, every entity by its id (`Order`), every field added to another domain's entity (`Customer.orders`)
 * and every field that its own domain guards (`Order.note`), per subgraph. Written and read by people; the SDL is compared with it, so that
 * no change of access goes in unseen.
 *
 * A permission is needed by STAFF, API_KEY and PLATFORM. `+ CUSTOMER` also lets customers in: row-level security then shows them what is
 * theirs. `public` is for everybody, `authenticated` for everybody but visitors.
 */
export const accessMatrix: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  accounts: {
    'Query.viewer': 'public',
    'Query.store': 'public',
    'Query.members': 'members:read',
    'Query.member': 'members:read',
    'Query.roles': 'roles:read',
    'Query.apiKeys': 'apiKeys:read',
    'Query.activities': 'activity:read',

    'Mutation.userSignUp': 'public',
    'Mutation.sessionCreate': 'public',
    'Mutation.sessionRefresh': 'public',
    'Mutation.sessionRevoke': 'public',
    'Mutation.sessionSwitchStore': 'authenticated',
    'Mutation.storeCreate': 'authenticated',
    'Mutation.storeUpdate': 'store:write',
    'Mutation.memberCreate': 'members:write',
    'Mutation.memberAccept': 'authenticated',
    'Mutation.memberRoleChange': 'members:write',
    'Mutation.memberRemove': 'members:write',
    'Mutation.apiKeyCreate': 'apiKeys:write',
    'Mutation.apiKeyRevoke': 'apiKeys:write',

    Store: 'public',
    'Store.domain': 'store:read',
    'Store.status': 'store:read',
    'Store.country': 'store:read',
    'Store.settings': 'store:read',
    'Store.createdAt': 'store:read',
    'Store.updatedAt': 'store:read',
    User: 'members:read',
    Member: 'members:read',
    Role: 'members:read',
    ApiKey: 'apiKeys:read',
    'ActivityPerformer.apiKey': 'apiKeys:read',
  },

  customers: {
    'Query.customer': 'customers:read + CUSTOMER',
    'Query.customerByNumber': 'customers:read',
    'Query.customers': 'customers:read',
    'Query.customerTags': 'customers:read',

    'Mutation.customerCreate': 'customers:write',
    'Mutation.customerUpdate': 'customers:write',
    'Mutation.customerStatusSet': 'customers:write',
    'Mutation.customerTagsAdd': 'customers:write',
    'Mutation.customerTagsRemove': 'customers:write',
    'Mutation.customerAddressAdd': 'customers:write',
    'Mutation.customerAddressUpdate': 'customers:write',
    'Mutation.customerAddressRemove': 'customers:write',
    'Mutation.customerContactPointAdd': 'customers:write',
    'Mutation.customerContactPointRemove': 'customers:write',
    'Mutation.customerContactPointPrimarySet': 'customers:write',
    'Mutation.customerContactPointVerify': 'customers:write',

    Customer: 'customers:read + CUSTOMER',
    'Customer.tags': 'customers:read',
    'Customer.note': 'customers:read',
    'Customer.metadata': 'customers:read',
  },

  orders: {
    'Query.order': 'orders:read + CUSTOMER',
    'Query.orders': 'orders:read + CUSTOMER',
    'Query.refunds': 'orders:read + CUSTOMER',

    'Mutation.orderCreate': 'orders:write',
    'Mutation.orderCancel': 'orders:write',
    'Mutation.orderComplete': 'orders:write',
    'Mutation.orderNoteSet': 'orders:write',
    'Mutation.orderPaymentRecord': 'orders:write',
    'Mutation.orderPaymentCapture': 'orders:write',
    'Mutation.orderPaymentVoid': 'orders:write',
    'Mutation.orderRefund': 'orders:refund',
    'Mutation.fulfillmentCreate': 'orders:write',
    'Mutation.fulfillmentShip': 'orders:write',
    'Mutation.fulfillmentDeliver': 'orders:write',
    'Mutation.fulfillmentCancel': 'orders:write',

    Order: 'orders:read + CUSTOMER',
    'Order.availableTransitions': 'orders:read',
    'Order.cancelReason': 'orders:read',
    'Order.note': 'orders:read',
    'OrderEvent.actor': 'orders:read',
    'OrderEvent.reason': 'orders:read',
    'OrderPayment.availableTransitions': 'orders:read',
    'OrderPayment.externalId': 'orders:read',
    'Refund.note': 'orders:read',
    'Fulfillment.availableTransitions': 'orders:read',

    Customer: 'orders:read + CUSTOMER',
    'Customer.orders': 'orders:read + CUSTOMER',
    'Customer.recentOrders': 'orders:read + CUSTOMER',
    'Customer.orderCount': 'orders:read + CUSTOMER',
    'Customer.orderMetrics': 'orders:read + CUSTOMER',
    Store: 'metrics:read',
    'Store.orderMetrics': 'metrics:read',
  },
};

/** What the narrowest built-in role may do. */
export const agentMay: readonly string[] = [
  'store:read',
  'members:read',
  'customers:read',
  'customers:write',
  'orders:read',
  'orders:write',
  'discounts:read',
  'giftCards:read',
];
